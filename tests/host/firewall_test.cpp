// SPDX-License-Identifier: GPL-2.0-or-later
// The accept rule for pinholes and the check that names what drops them, on a router with a drop policy.
#include "os/firewall.hpp"

#include "box_host.hpp"
#include "namespaces.hpp"
#include "os/host_pinhole.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace viaduct::os {
namespace {

using hosttest::BoxHost;
using hosttest::network_state;
using hosttest::Router;
using hosttest::UdpPeer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FirewallTest : public ::testing::Test {
 protected:
  void drop_by_nft() {
    router_.router.run(
        "nft add table inet filter; nft 'add chain inet filter forward { type filter hook forward priority 0; "
        "policy drop; }'; nft add rule inet filter forward ct state established,related accept"
        "; nft add rule inet filter forward iifname lan0 accept");
  }
  /// What the gateway does for a pinhole: translate, and set the mark.
  void open_pinhole() {
    router_.router.run(
        "nft add table inet pin; nft 'add chain inet pin nat { type nat hook prerouting priority -101; }'"
        "; nft 'add chain inet pin marking { type filter hook prerouting priority -150; }'"
        "; nft add rule inet pin marking iifname wan0 udp dport 40000 ct mark set ct mark or 0x20000000"
        "; nft add rule inet pin nat iifname wan0 udp dport 40000 dnat ip to 192.168.7.2:40000");
  }
  /// One datagram from the server to the pinhole, and one to the phone's IPv6 address; what the phone got. Waits long
  /// for what is expected and shortly for what is not.
  std::vector<std::string> knock(bool expected) {
    UdpPeer phone4(router_.phone, router_.router, "192.168.7.2", 40000);
    UdpPeer phone6(router_.phone, router_.router, "2001:db8:7::2", 40000);
    UdpPeer server4(router_.server, router_.router, "203.0.113.2", 40000);
    UdpPeer server6(router_.server, router_.router, "2001:db8:1::2", 40000);
    server4.send("203.0.113.1", 40000, "rtp4");
    server6.send("2001:db8:7::2", 40000, "rtp6");
    std::vector<std::string> got;
    for (const UdpPeer* phone : {&phone4, &phone6})
      if (std::string text = phone->receive(expected ? 5000 : 300); !text.empty()) got.push_back(text);
    return got;
  }
  FirewallPlan plan() {
    Result<FirewallPlan> found = plan_firewall(host_, {});
    EXPECT_TRUE(found) << found.error().to_text();
    return found ? *found : FirewallPlan();
  }
  std::vector<std::string> check() {
    PinholeCheckRequest request;
    request.wan = "wan0";
    Result<std::vector<PinholeCheck>> checks = check_pinhole(host_, request);
    EXPECT_TRUE(checks) << checks.error().to_text();
    std::vector<std::string> lines;
    if (checks)
      for (const PinholeCheck& one : *checks) lines.push_back(describe(one));
    return lines;
  }
  static std::vector<std::string> passes() { return {"IPv4: pinholed packets pass", "IPv6: pinholed packets pass"}; }

  Router router_;
  BoxHost host_;
};

TEST_F(FirewallTest, AnOpenRouterNeedsNoRule) {
  EXPECT_THAT(plan().rules, IsEmpty());
  std::string before = network_state(router_.router);
  EXPECT_EQ(check(), passes());
  EXPECT_EQ(network_state(router_.router), before);
  UdpPeer phone(router_.phone, router_.router, "192.168.7.2", 40000);
  EXPECT_EQ(phone.receive(50), "") << "the synthetic packet must not reach a phone";
}

TEST_F(FirewallTest, PolicyDropIsNamedAndTheRuleLetsMarkedPacketsPass) {
  drop_by_nft();
  open_pinhole();
  EXPECT_THAT(knock(false), IsEmpty());
  EXPECT_THAT(check(), ElementsAre("IPv4: pinholed packets are dropped by nftables inet filter forward: policy drop",
                                   "IPv6: pinholed packets are dropped by nftables inet filter forward: policy drop"));
  FirewallPlan wanted = plan();
  ASSERT_THAT(wanted.rules, SizeIs(1));
  EXPECT_FALSE(wanted.complete());
  EXPECT_EQ(wanted.rules[0].insert.to_text(),
            "nft insert rule inet filter forward 'ct mark and 0x20000000 == 0x20000000 accept comment \"viaduct: "
            "pinholes of SIP calls\"'");
  FirewallOutcome applied = apply_firewall(host_, wanted);
  EXPECT_THAT(applied.refused, IsEmpty());
  EXPECT_THAT(knock(true), ElementsAre("rtp4", "rtp6"));
  EXPECT_EQ(check(), passes());
  EXPECT_TRUE(plan().complete());
}

TEST_F(FirewallTest, ApplyTwiceAndRemoveGivesTheFirstState) {
  drop_by_nft();
  std::string before = network_state(router_.router);
  EXPECT_THAT(apply_firewall(host_, plan()).done, SizeIs(1));
  std::string once = network_state(router_.router);
  EXPECT_NE(once, before);
  FirewallOutcome again = apply_firewall(host_, plan());
  EXPECT_THAT(again.done, IsEmpty());
  FirewallOutcome removed = remove_firewall(host_, plan());
  EXPECT_THAT(removed.done, SizeIs(1));
  EXPECT_EQ(network_state(router_.router), before);
}

TEST_F(FirewallTest, ARejectRuleInAJumpedChainIsNamedAndItsAnswerStaysHere) {
  router_.router.run(
      "nft add table ip6 deep; nft 'add chain ip6 deep forward { type filter hook forward priority 5; }'"
      "; nft add chain ip6 deep strict; nft add rule ip6 deep forward iifname wan0 jump strict"
      "; nft add rule ip6 deep strict meta l4proto udp counter reject with icmpv6 admin-prohibited");
  UdpPeer server(router_.server, router_.router, "2001:db8:1::2", 40000);
  EXPECT_THAT(check(), ElementsAre("IPv4: pinholed packets pass",
                                   HasSubstr("nftables ip6 deep strict: meta l4proto udp counter packets 1 bytes")));
  EXPECT_THAT(router_.router.run("nft -a list ruleset; ip -s link show wan0"),
              testing::Not(HasSubstr("viaduct_probe")));
}

TEST_F(FirewallTest, IptablesOfBothKindsAreNamedAndOpened) {
  router_.router.run("iptables-nft -P FORWARD DROP; ip6tables-legacy -A FORWARD -p udp -j DROP");
  open_pinhole();
  EXPECT_THAT(knock(false), IsEmpty());
  EXPECT_THAT(check(),
              ElementsAre("IPv4: pinholed packets are dropped by nftables ip filter FORWARD: policy drop",
                          "IPv6: pinholed packets are dropped by ip6tables-legacy filter FORWARD: -A FORWARD -p udp "
                          "-j DROP"));
  FirewallPlan wanted = plan();
  std::vector<std::string> places(wanted.rules.size());
  std::ranges::transform(wanted.rules, places.begin(), &FirewallRule::place);
  EXPECT_THAT(places, ElementsAre("iptables-nft filter FORWARD", "ip6tables-legacy filter FORWARD"));
  const std::string before = network_state(router_.router);
  EXPECT_THAT(apply_firewall(host_, wanted).refused, IsEmpty());
  EXPECT_THAT(knock(true), ElementsAre("rtp4", "rtp6"));
  EXPECT_EQ(check(), passes());
  EXPECT_THAT(apply_firewall(host_, plan()).done, IsEmpty());
  EXPECT_THAT(remove_firewall(host_, plan()).refused, IsEmpty());
  EXPECT_EQ(network_state(router_.router), before);
  EXPECT_THAT(knock(false), IsEmpty());
}

TEST_F(FirewallTest, ForwardingThatIsOffIsSaid) {
  router_.router.run("echo 0 > /proc/sys/net/ipv4/ip_forward");
  EXPECT_THAT(check(), ElementsAre("IPv4: pinholed packets do not pass: this box does not forward: "
                                   "net.ipv4.ip_forward is 0",
                                   "IPv6: pinholed packets pass"));
}

TEST_F(FirewallTest, TheRuleIsKeptInNftablesConfAndThatFileStillLoads) {
  const std::string config =
      "flush ruleset\n\ntable inet filter {\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy "
      "drop;\n\t}\n}\n";
  ASSERT_TRUE(host_.write("/etc/nftables.conf", config, 0644));
  ASSERT_TRUE(host_.run({"nft", "-f", "/etc/nftables.conf"})->ok());
  FirewallOutcome applied = apply_firewall(host_, plan());
  EXPECT_THAT(applied.refused, IsEmpty());
  EXPECT_EQ(*host_.read("/etc/nftables.conf"),
            config +
                "# viaduct begin (kept by viaduct-gateway firewall-rule)\n"
                "insert rule inet filter forward ct mark and 0x20000000 == 0x20000000 accept comment \"viaduct: "
                "pinholes of SIP calls\"\n"
                "# viaduct end\n");
  ASSERT_TRUE(host_.run({"nft", "-f", "/etc/nftables.conf"})->ok());
  EXPECT_TRUE(plan().complete()) << "the rule must survive a reload";
  EXPECT_TRUE(plan().rules[0].lasting);
  EXPECT_THAT(apply_firewall(host_, plan()).done, IsEmpty());
  EXPECT_THAT(remove_firewall(host_, plan()).refused, IsEmpty());
  EXPECT_EQ(*host_.read("/etc/nftables.conf"), config);
}

TEST_F(FirewallTest, AConfigurationThatWouldNotLoadIsLeftAsItWas) {
  drop_by_nft();
  // The table is named, but its chain is called otherwise: an insert into `forward` would fail at boot.
  const std::string config = "flush ruleset\ntable inet filter {\n\tchain other {\n\t}\n}\n";
  ASSERT_TRUE(host_.write("/etc/nftables.conf", config, 0644));
  FirewallOutcome applied = apply_firewall(host_, plan());
  EXPECT_THAT(applied.refused, ElementsAre(HasSubstr("left as it was")));
  EXPECT_EQ(*host_.read("/etc/nftables.conf"), config);
  EXPECT_TRUE(plan().complete());
}

}  // namespace
}  // namespace viaduct::os
