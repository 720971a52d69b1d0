// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/ruleset.hpp"

#include <gtest/gtest.h>

namespace viaduct::gateway {
namespace {

// Mode off: timers and priority by port; nothing is read, translated or queued (promise 6).
TEST(Ruleset, OffReadsNothing) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::off;
  config.qos.rate = 20'000'000;
  EXPECT_EQ(ruleset_script(config, {"wan0"}), R"(table inet viaduct {
}
delete table inet viaduct
table inet viaduct {
  ct timeout voip4 {
    protocol udp;
    l3proto ip;
    policy = { unreplied : 300, replied : 300 };
  }
  ct timeout voip6 {
    protocol udp;
    l3proto ip6;
    policy = { unreplied : 300, replied : 300 };
  }
  set wan { type ifname; elements = { "wan0" }; }
  chain forward {
    type filter hook forward priority mangle; policy accept;
    meta l4proto != udp accept
    udp dport { 5060 } goto sip
    udp sport { 5060 } goto sip
  }
  chain sip {
    ct state new meta nfproto ipv4 ct timeout set "voip4"
    ct state new meta nfproto ipv6 ct timeout set "voip6"
    ip dscp set 24 meta priority set 1:20
    ip6 dscp set 24 meta priority set 1:20
  }
}
)");
}

TEST(Ruleset, OneEndpointInAnotherModeIsReadThoughTheDefaultIsOff) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::off;
  EXPECT_FALSE(reads_sip(config.policy));
  config.policy.endpoints.push_back({*net::parse_prefix("192.168.1.10"), {alg::Mode::assist, {}, {}}});
  EXPECT_TRUE(reads_sip(config.policy));
}

TEST(Ruleset, PartiesInModeOffAreSparedTheQueue) {
  GatewayConfig config;
  config.policy.inside.push_back({*net::parse_prefix("192.168.9.0/24"), alg::Mode::off});
  config.policy.endpoints.push_back({*net::parse_prefix("2001:db8::9"), {alg::Mode::off, {}, {}}});
  const std::string script = ruleset_script(config, {"wan0"});
  EXPECT_NE(script.find("set off4 { type ipv4_addr; flags interval; auto-merge; elements = { 192.168.9.0/24 }; }"),
            std::string::npos);
  EXPECT_NE(script.find("set off6 { type ipv6_addr; flags interval; auto-merge; elements = { 2001:db8::9/128 }; }"),
            std::string::npos);
}

}  // namespace
}  // namespace viaduct::gateway
