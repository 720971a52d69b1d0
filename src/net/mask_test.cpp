// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/mask.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <bit>
#include <set>

namespace viaduct::net {
namespace {

constexpr base::HashKey kKey{1, 2};

TEST(Mask, KeepsTheNetworkOfPrivateAddresses) {
  for (const char* text :
       {"10.1.2.3", "172.20.1.2", "192.168.1.20", "100.64.1.2", "169.254.1.2", "fd00::1", "fe80::1"}) {
    const Address address = *parse_address(text);
    const Address other = masked(address, kKey);
    EXPECT_EQ(other.scope(), address.scope()) << text;
    EXPECT_EQ(other.octets[0], address.octets[0]) << text;
  }
  EXPECT_TRUE(parse_prefix("192.168.0.0/16")->contains(masked(*parse_address("192.168.1.20"), kKey)));
  EXPECT_TRUE(parse_prefix("172.16.0.0/12")->contains(masked(*parse_address("172.31.1.20"), kKey)));
}

TEST(Mask, LeavesWhatNamesNobody) {
  for (const char* text : {"0.0.0.0", "127.0.0.1", "224.0.1.75", "255.255.255.255", "::", "::1", "ff02::1"})
    EXPECT_EQ(masked_text(text, kKey), text);
  EXPECT_EQ(masked_text("192.168.1", kKey), std::nullopt);
  EXPECT_EQ(masked_text("alice", kKey), std::nullopt);
}

TEST(Mask, IsOneForOne) {
  std::set<Address> masks;
  for (std::uint32_t i = 0; i < 65536; ++i) masks.insert(masked(Address::ipv4(0xc0a80000 + i), kKey));
  EXPECT_EQ(masks.size(), 65536U);
  std::set<Address> global;
  for (std::uint32_t i = 0; i < 20000; ++i) global.insert(masked(Address::ipv4(0x01000000 + i * 101113), kKey));
  std::set<Address> originals;
  for (std::uint32_t i = 0; i < 20000; ++i) originals.insert(Address::ipv4(0x01000000 + i * 101113));
  EXPECT_EQ(global.size(), originals.size());
}

TEST(Mask, AnotherKeyGivesAnotherMask) {
  EXPECT_NE(masked_text("198.51.100.5", kKey), masked_text("198.51.100.5", {1, 3}));
  EXPECT_NE(masked_text("198.51.100.5", kKey), "198.51.100.5");
  EXPECT_EQ(masked_text("[2001:db8::5]", kKey)->front(), '[');
}

RC_GTEST_PROP(Mask, KeepsFamilyAndScope, (std::array<std::uint8_t, 16> octets, bool four, std::uint64_t key)) {
  const Address address = four ? Address::ipv4_from(octets.data()) : Address::ipv6_from(octets.data());
  const Address other = masked(address, {key, 7});
  RC_ASSERT(other.family == address.family);
  RC_ASSERT(other.scope() == address.scope());
}

}  // namespace
}  // namespace viaduct::net
