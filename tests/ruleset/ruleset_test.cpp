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
  set wan { type ifname; }
}
flush table inet viaduct
flush set inet viaduct wan
table inet viaduct {
  ct timeout voip4_300 {
    protocol udp;
    l3proto ip;
    policy = { unreplied : 300, replied : 300 };
  }
  ct timeout voip6_300 {
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
    ct state new meta nfproto ipv4 ct timeout set "voip4_300"
    ct state new meta nfproto ipv6 ct timeout set "voip6_300"
    meta priority set 1:20
    ip dscp != 24 ip dscp set 24
    ip6 dscp != 24 ip6 dscp set 24
  }
}
)");
}

// The rules of one chain; "none" when the script has no such chain.
std::string chain_of(const GatewayConfig& config, const std::string& name) {
  const std::string script = ruleset_script(config, {"wan0"});
  const std::string head = "  chain " + name + " {\n";
  const std::size_t begin = script.find(head);
  if (begin == std::string::npos) return "none";
  return script.substr(begin + head.size(), script.find("  }\n", begin) - begin - head.size());
}

const std::string kSipMarks = "    ip dscp != 24 ip dscp set 24\n    ip6 dscp != 24 ip6 dscp set 24\n";
const std::string kMediaMarks = "    ip dscp != 46 ip dscp set 46\n    ip6 dscp != 46 ip6 dscp set 46\n";

TEST(Ruleset, OffKnowsMediaByItsPorts) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::off;
  config.qos.media_ports = {{10000, 20000}, {30000, 30100}};
  const std::string by_sip = R"(    type filter hook forward priority mangle; policy accept;
    meta l4proto != udp accept
    udp dport { 5060 } goto sip
    udp sport { 5060 } goto sip
)";
  const std::string by_media = R"(    udp dport { 10000-20000, 30000-30100 } goto media
    udp sport { 10000-20000, 30000-30100 } goto media
)";
  const std::string timeouts = chain_of(config, "sip");
  EXPECT_EQ(chain_of(config, "forward"), by_sip) << "nothing to do for media";
  EXPECT_EQ(chain_of(config, "media"), "none");
  config.qos.mark = true;
  EXPECT_EQ(chain_of(config, "forward"), by_sip + by_media);
  EXPECT_EQ(chain_of(config, "sip"), timeouts + kSipMarks);
  EXPECT_EQ(chain_of(config, "media"), kMediaMarks);
}

TEST(Ruleset, PriorityAndMarkingAreSwitchedEachByItsOwn) {
  GatewayConfig config;
  EXPECT_EQ(chain_of(config, "media"), "") << "the mark of the flow is all that is done";
  EXPECT_EQ(chain_of(config, "media_marked"), "none");
  const std::string priority = "    meta priority set 1:10\n";
  config.qos.mark = true;
  EXPECT_EQ(chain_of(config, "media_marked"), kMediaMarks);
  EXPECT_EQ(chain_of(config, "media"), R"(    ip saddr . udp sport @media4 goto media_marked
    ip daddr . udp dport @media4 goto media_marked
    ip6 saddr . udp sport @media6 goto media_marked
    ip6 daddr . udp dport @media6 goto media_marked
    ip saddr . udp sport @watched4 goto media_marked
    ip daddr . udp dport @watched4 goto media_marked
    ip6 saddr . udp sport @watched6 goto media_marked
    ip6 daddr . udp dport @watched6 goto media_marked
)");
  config.qos.rate = 20'000'000;
  config.qos.mark = false;
  EXPECT_EQ(chain_of(config, "media_marked"), priority);
  config.qos.mark.reset();
  EXPECT_EQ(chain_of(config, "media_marked"), priority + kMediaMarks) << "a rate marks too";
}

TEST(Ruleset, OneEndpointInAnotherModeIsReadThoughTheDefaultIsOff) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::off;
  EXPECT_FALSE(reads_sip(config.policy));
  config.policy.endpoints.push_back({*net::parse_prefix("192.168.1.10"), {alg::Mode::assist, {}, {}}});
  EXPECT_TRUE(reads_sip(config.policy));
}

TEST(Ruleset, WhatIpsecTakesIsNotTranslated) {
  GatewayConfig config;
  const std::string head =
      "    type nat hook postrouting priority srcnat - 1; policy accept;\n    meta l4proto != udp accept\n";
  const std::string nat = R"(    oifname "wan0" snat ip to ip saddr . udp sport map @inner_to_outer_0
    oifname != @wan ct status dnat snat ip to ip saddr . udp sport map @inner_to_outer_0
)";
  EXPECT_EQ(chain_of(config, "nat_postrouting"), head + "    rt ipsec exists accept\n" + nat);
  const std::string without = ruleset_script(config, {"wan0"}, Ipsec::unknown);
  EXPECT_EQ(without.find("ipsec"), std::string::npos) << "for kernels that cannot tell";
  EXPECT_NE(without.find(head + nat), std::string::npos);
}

// The end of chain sip: endpoint before platform before network before default, as alg::rule_for has it.
std::string who_is_read(const GatewayConfig& config) {
  const std::string script = ruleset_script(config, {"wan0"});
  const std::size_t mark = script.find("@signalling4 ct mark set");
  const std::size_t begin = script.find('\n', mark) + 1;
  return script.substr(begin, script.find("  }\n", begin) - begin);
}

TEST(Ruleset, PartiesInModeOffAreSparedTheQueue) {
  GatewayConfig config;
  config.policy.inside.push_back({*net::parse_prefix("192.168.9.0/24"), alg::Mode::off});
  config.policy.platforms.push_back({net::parse_prefix("198.51.100.5"), "", {alg::Mode::off, {}, {}}});
  config.policy.endpoints.push_back({*net::parse_prefix("192.168.9.7"), {alg::Mode::assist, {}, {}}});
  EXPECT_EQ(who_is_read(config),
            "    rt ipsec exists accept\n    meta ipsec exists accept\n"
            "    ip saddr 192.168.9.7/32 goto sip_queue\n    ip daddr 192.168.9.7/32 goto sip_queue\n"
            "    ip saddr 198.51.100.5/32 accept\n    ip daddr 198.51.100.5/32 accept\n"
            "    ip saddr 192.168.9.0/24 accept\n    ip daddr 192.168.9.0/24 accept\n    goto sip_queue\n");
}

TEST(Ruleset, WithDefaultOffOnlyTheNamedAreRead) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::off;
  config.policy.endpoints.push_back({*net::parse_prefix("2001:db8::9"), {alg::Mode::pinhole, {}, {}}});
  EXPECT_EQ(who_is_read(config),
            "    rt ipsec exists accept\n    meta ipsec exists accept\n"
            "    ip6 saddr 2001:db8::9/128 goto sip_queue\n    ip6 daddr 2001:db8::9/128 goto sip_queue\n");
}

}  // namespace
}  // namespace viaduct::gateway
