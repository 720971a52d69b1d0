// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/mapping.hpp"

#include <gtest/gtest.h>

#include <set>

namespace viaduct::alg {
namespace {

const net::Address kWan = *net::parse_address("203.0.113.1");

Mapping mapping(const char* inner, const char* outer) {
  Mapping m;
  m.key = {*net::parse_endpoint(inner), 0};
  m.outer = *net::parse_endpoint(outer);
  return m;
}

TEST(MappingTable, FindsFromBothSidesAndForgetsOnRemove) {
  MappingTable table;
  ASSERT_TRUE(table.add(mapping("192.168.1.10:4000", "203.0.113.1:4000")));
  EXPECT_EQ(table.find_outer({kWan, 4000}, 0)->key.inner.to_text(), "192.168.1.10:4000");
  EXPECT_FALSE(table.add(mapping("192.168.1.10:4000", "203.0.113.1:4002")));
  EXPECT_FALSE(table.add(mapping("192.168.1.11:4000", "203.0.113.1:4000")));
  EXPECT_EQ(table.count_of(*net::parse_address("192.168.1.10")), 1U);
  table.remove({*net::parse_endpoint("192.168.1.10:4000"), 0});
  EXPECT_EQ(table.find_outer({kWan, 4000}, 0), nullptr);
  EXPECT_EQ(table.count_of(*net::parse_address("192.168.1.10")), 0U);
  EXPECT_EQ(table.size(), 0U);
}

TEST(MappingTable, RebaseKeepsPortsAndOtherWans) {
  MappingTable table;
  ASSERT_TRUE(table.add(mapping("192.168.1.10:4000", "203.0.113.1:40000")));
  Mapping other = mapping("192.168.1.10:4000", "198.51.100.9:4000");
  other.key.wan = 1;
  ASSERT_TRUE(table.add(other));
  table.rebase(0, *net::parse_address("203.0.113.77"));
  EXPECT_EQ(table.find_outer(*net::parse_endpoint("203.0.113.77:40000"), 0)->key.inner.to_text(), "192.168.1.10:4000");
  EXPECT_EQ(table.find_outer(*net::parse_endpoint("203.0.113.1:40000"), 0), nullptr);
  EXPECT_NE(table.find_outer(*net::parse_endpoint("198.51.100.9:4000"), 1), nullptr);
}

// A failover that gives each line the other's address, with the same ports in use on both.
TEST(MappingTable, TwoWansCanSwapTheirAddresses) {
  MappingTable table;
  const net::Address other_wan = *net::parse_address("198.51.100.9");
  Mapping other = mapping("192.168.1.11:4000", "198.51.100.9:4000");
  other.key.wan = 1;
  ASSERT_TRUE(table.add(mapping("192.168.1.10:4000", "203.0.113.1:4000")));
  ASSERT_TRUE(table.add(other));
  table.rebase(0, other_wan);
  table.rebase(1, kWan);
  ASSERT_NE(table.find_outer({other_wan, 4000}, 0), nullptr);
  ASSERT_NE(table.find_outer({kWan, 4000}, 1), nullptr);
  EXPECT_EQ(table.find_outer({other_wan, 4000}, 0)->key.inner.to_text(), "192.168.1.10:4000");
  EXPECT_EQ(table.find_outer({kWan, 4000}, 1)->key.inner.to_text(), "192.168.1.11:4000");
  EXPECT_EQ(table.find_outer({kWan, 4000}, 0), nullptr);
  table.remove({*net::parse_endpoint("192.168.1.10:4000"), 0});
  EXPECT_NE(table.find_outer({kWan, 4000}, 1), nullptr) << "the other's entry is not touched";
  EXPECT_EQ(table.find_outer({other_wan, 4000}, 0), nullptr);
}

TEST(MappingTable, TwoAddressesOfOneWanDoNotFallTogether) {
  MappingTable table;
  ASSERT_TRUE(table.add(mapping("192.168.1.10:4000", "203.0.113.1:4000")));
  ASSERT_TRUE(table.add(mapping("192.168.1.11:4000", "203.0.113.2:4000")));
  const net::Address to = *net::parse_address("203.0.113.77");
  table.rebase(0, to);
  int moved = 0;
  table.for_each([&](const Mapping& m) {
    moved += m.outer.address == to;
    EXPECT_EQ(table.find_outer(m.outer, 0), &m) << m.key.inner.to_text();
  });
  EXPECT_EQ(moved, 1);
}

std::optional<std::uint16_t> choose(const PortWish& wish, const PortRange& range, const std::set<int>& used) {
  return choose_port(wish, range, [&used](std::uint16_t port) { return !used.contains(port); });
}

TEST(ChoosePort, KeepsThePortWhereItIsFree) {
  EXPECT_EQ(choose({4000, 2, true, false}, {}, {3999, 4002}), 4000);
}

TEST(ChoosePort, KeepsParityAndRoomForRtcpWhereItIsNot) {
  const std::set<int> used = {4001};
  for (const std::uint16_t inner : {std::uint16_t{4000}, std::uint16_t{4001}}) {
    const std::optional<std::uint16_t> port = choose({inner, 2, true, false}, {}, used);
    ASSERT_TRUE(port);
    EXPECT_NE(*port, inner);
    EXPECT_EQ(*port % 2, inner % 2);
    EXPECT_EQ(choose({inner, 2, true, false}, {}, used), port) << "same choice again";
    EXPECT_FALSE(choose({inner, 2, true, true}, {}, used)) << "pinhole mode: the same or none";
  }
}

TEST(ChoosePort, UsesTheWholeRangeAndThenSaysNo) {
  std::set<int> used = {10};
  const PortRange range{100, 107};
  for (int i = 0; i < 4; ++i) {
    const std::optional<std::uint16_t> port = choose({10, 2, true, false}, range, used);
    ASSERT_TRUE(port) << i;
    ASSERT_GE(*port, 100);
    ASSERT_LE(*port, 106);
    used.insert(*port);
    used.insert(*port + 1);
  }
  EXPECT_FALSE(choose({10, 2, true, false}, range, used));
  EXPECT_FALSE(choose({10, 1, false, false}, {5, 4}, used));
}

TEST(ChoosePort, NeverRunsPastTheLastPort) {
  const std::optional<std::uint16_t> port = choose({65535, 2, true, false}, {}, {});
  ASSERT_TRUE(port);
  EXPECT_LT(*port, 65535);
}

}  // namespace
}  // namespace viaduct::alg
