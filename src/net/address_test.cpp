// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/address.hpp"

#include <gtest/gtest.h>

namespace viaduct::net {
namespace {

TEST(Address, RoundTripsText) {
  for (const char* text : {"0.0.0.0", "10.0.0.1", "203.0.113.255", "::", "::1", "2001:db8::9:1", "::ffff:192.0.2.10"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_text(), text);
  }
}

TEST(Address, WritesTextIntoTheCallersRoom) {
  char room[kMaxAddressText];
  for (const char* text : {"0.0.0.0", "255.255.255.255", "192.0.2.10", "2001:db8::9:1"})
    EXPECT_EQ(parse_address(text)->write_text(room), text);
  EXPECT_EQ(Address{}.write_text(room), "-");
}

TEST(Address, RefusesWhatIsNoLiteral) {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "010.0.0.1", "1..2.3", "a.b.c.d",
                           "1.2.3.-4", ":::", "2001:db8::1%eth0", "2001:db8", "[::1", "1.2.3.4000"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(Address, ScopesFollowTheRegistry) {
  struct {
    const char* text;
    Scope scope;
  } const cases[] = {
      {"10.255.0.1", Scope::private_use},  {"172.16.0.1", Scope::private_use}, {"172.32.0.1", Scope::global},
      {"192.168.1.1", Scope::private_use}, {"100.64.0.1", Scope::shared_cgn},  {"100.128.0.1", Scope::global},
      {"192.0.0.2", Scope::shared_cgn},    {"127.0.0.1", Scope::loopback},     {"169.254.1.1", Scope::link_local},
      {"0.0.0.0", Scope::unspecified},     {"224.0.0.1", Scope::multicast},    {"255.255.255.255", Scope::reserved},
      {"198.51.100.7", Scope::global},     {"::", Scope::unspecified},         {"::1", Scope::loopback},
      {"fe80::1", Scope::link_local},      {"fd00::1", Scope::private_use},    {"ff02::1", Scope::multicast},
      {"2001:db8::1", Scope::global},      {"4000::1", Scope::reserved},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_address(c.text)->scope(), c.scope) << c.text;
}

TEST(Endpoint, ParsesAndPrints) {
  EXPECT_EQ(parse_endpoint("192.0.2.1:5060")->to_text(), "192.0.2.1:5060");
  EXPECT_EQ(parse_endpoint("[2001:db8::1]:5061")->to_text(), "[2001:db8::1]:5061");
  for (const char* text : {"192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "2001:db8::1:5060", ":5060"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

TEST(Prefix, Contains) {
  const Prefix lan = *parse_prefix("192.168.0.0/20");
  EXPECT_TRUE(lan.contains(*parse_address("192.168.15.255")));
  EXPECT_FALSE(lan.contains(*parse_address("192.168.16.0")));
  EXPECT_FALSE(lan.contains(*parse_address("fd00::1")));
  EXPECT_TRUE(parse_prefix("0.0.0.0/0")->contains(*parse_address("8.8.8.8")));
  EXPECT_EQ(parse_prefix("10.0.0.1")->length, 32);
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "/8"}) EXPECT_FALSE(parse_prefix(text)) << text;
}

}  // namespace
}  // namespace viaduct::net
