// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/attributes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::os {
namespace {

std::string attribute(std::uint16_t type, const std::string& value) {
  const nlattr head{static_cast<std::uint16_t>(sizeof head + value.size()), type};
  std::string octets(reinterpret_cast<const char*>(&head), sizeof head);
  octets += value;
  octets.resize((octets.size() + 3) / 4 * 4);
  return octets;
}

std::vector<std::string> walk(const std::string& octets) {
  std::vector<std::string> found;
  for (const Attribute& a : Attributes(octets)) found.push_back(std::to_string(a.type) + "=" + std::string(a.value));
  return found;
}

TEST(Attributes, WalksPaddedNestedAndEmptyOnes) {
  const std::string inner = attribute(7, "x");
  const std::string octets = attribute(1, "abc") + attribute(2, "") + attribute(3 | NLA_F_NESTED, inner);
  EXPECT_EQ(walk(octets), (std::vector<std::string>{"1=abc", "2=", "3=" + inner}));
  EXPECT_EQ(walk(""), std::vector<std::string>{});
}

TEST(Attributes, LastOneMayLackItsPadding) {
  std::string octets = attribute(1, "abcde");
  octets.resize(9);
  EXPECT_EQ(walk(octets), std::vector<std::string>{"1=abcde"});
}

TEST(Attributes, EveryTruncationStopsBeforeTheCut) {
  const std::string octets = attribute(1, "abcd") + attribute(2, "efgh");
  for (std::size_t n = 0; n < octets.size(); ++n) {
    const std::string cut(octets.data(), n);  // its own memory: the address sanitizer sees every overread
    EXPECT_EQ(walk(cut).size(), n / 8) << n;
  }
}

TEST(Attributes, ImpossibleLengthsEndTheWalk) {
  for (const int wrong : {0, 1, 3, 5000, 65535}) {
    const std::uint16_t length = static_cast<std::uint16_t>(wrong);
    std::string octets = attribute(1, "abcd") + attribute(2, "efgh");
    octets.replace(8, 2, reinterpret_cast<const char*>(&length), 2);
    EXPECT_EQ(walk(octets), std::vector<std::string>{"1=abcd"}) << length;
  }
}

TEST(Attributes, Integers) {
  const Attribute a{1, base::Bytes("\x01\x02\x03\x04\x05\x06\x07\x08", 8)};
  EXPECT_EQ(a.big_endian<std::uint8_t>(), 1U);
  EXPECT_EQ(a.big_endian<std::uint16_t>(), 0x0102U);
  EXPECT_EQ(a.big_endian<std::uint32_t>(), 0x01020304U);
  EXPECT_EQ(a.big_endian<std::uint64_t>(), 0x0102030405060708U);
  const Attribute brief{1, base::Bytes("\x01", 1)};
  EXPECT_EQ(brief.big_endian<std::uint32_t>(), 0U);
  EXPECT_EQ((Attribute{1, base::Bytes("eth0\0\0", 6)}).text(), "eth0");
  EXPECT_EQ((Attribute{1, base::Bytes("eth0", 4)}).text(), "eth0");
}

}  // namespace
}  // namespace viaduct::os
