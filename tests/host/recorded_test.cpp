// SPDX-License-Identifier: GPL-2.0-or-later
// Systems that are not on this machine: rule listings and configuration trees, written for these tests in the
// documented formats (libnftables-json(5), iptables-save) and in the layout of each tool.
#include "box_host.hpp"
#include "os/firewall.hpp"
#include "os/flowtable.hpp"
#include "os/kernel_alg.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace viaduct::os {
namespace {

using hosttest::RecordedHost;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// An OpenWrt 23.05 box: fw4 with zones lan and wan, helper rules by auto_helper, software flow offloading.
constexpr const char* kFw4 = R"({"nftables": [
 {"metainfo": {"version": "1.0.8", "release_name": "Old Doc Yak #2", "json_schema_version": 1}},
 {"table": {"family": "inet", "name": "fw4", "handle": 1}},
 {"ct helper": {"family": "inet", "name": "tftp", "table": "fw4", "handle": 2, "type": "tftp", "protocol": "udp", "l3proto": "inet"}},
 {"ct helper": {"family": "inet", "name": "sip", "table": "fw4", "handle": 3, "type": "sip", "protocol": "udp", "l3proto": "inet"}},
 {"flowtable": {"family": "inet", "name": "ft", "table": "fw4", "handle": 4, "hook": "ingress", "prio": 0, "dev": ["br-lan", "eth1"], "flags": ["offload"]}},
 {"chain": {"family": "inet", "table": "fw4", "name": "forward", "handle": 5, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
 {"chain": {"family": "inet", "table": "fw4", "name": "prerouting", "handle": 6, "type": "filter", "hook": "prerouting", "prio": 0, "policy": "accept"}},
 {"chain": {"family": "inet", "table": "fw4", "name": "helper_lan", "handle": 7}},
 {"rule": {"family": "inet", "table": "fw4", "chain": "forward", "handle": 8, "expr": [{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": {"set": ["tcp", "udp"]}}}, {"flow": {"op": "add", "flowtable": "@ft"}}]}},
 {"rule": {"family": "inet", "table": "fw4", "chain": "forward", "handle": 9, "comment": "!fw4: Handle forwarded flows", "expr": [{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["established", {"accept": null}], ["related", {"accept": null}]]}}}]}},
 {"rule": {"family": "inet", "table": "fw4", "chain": "prerouting", "handle": 10, "comment": "!fw4: Handle lan IPv4/IPv6 helper assignment", "expr": [{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "br-lan"}}, {"jump": {"target": "helper_lan"}}]}},
 {"rule": {"family": "inet", "table": "fw4", "chain": "helper_lan", "handle": 11, "comment": "!fw4: TFTP connection tracking", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 69}}, {"ct helper": "tftp"}]}},
 {"rule": {"family": "inet", "table": "fw4", "chain": "helper_lan", "handle": 12, "comment": "!fw4: SIP VoIP connection tracking", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 5060}}, {"ct helper": "sip"}]}}
]})";

constexpr const char* kFirewalld = R"({"nftables": [
 {"table": {"family": "inet", "name": "firewalld", "handle": 1}},
 {"ct helper": {"family": "inet", "name": "helper-sip-udp", "table": "firewalld", "handle": 2, "type": "sip", "protocol": "udp", "l3proto": "inet"}},
 {"ct helper": {"family": "inet", "name": "helper-sip-tcp", "table": "firewalld", "handle": 3, "type": "sip", "protocol": "tcp", "l3proto": "inet"}},
 {"chain": {"family": "inet", "table": "firewalld", "name": "filter_FORWARD", "handle": 4, "type": "filter", "hook": "forward", "prio": 10, "policy": "accept"}},
 {"chain": {"family": "inet", "table": "firewalld", "name": "filter_PRE_internal_allow", "handle": 5}},
 {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_FORWARD", "handle": 6, "expr": [{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}]}},
 {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_PRE_internal_allow", "handle": 7, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 5060}}, {"ct helper": "helper-sip-udp"}]}},
 {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_PRE_internal_allow", "handle": 8, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 5060}}, {"ct helper": "helper-sip-tcp"}]}}
]})";

/// One line per attachment: tool, place, undo.
std::vector<std::string> attachments(RecordedHost& host) {
  std::vector<std::string> blind_spots;
  Result<std::vector<Attachment>> found = find_attachments(host, blind_spots);
  EXPECT_TRUE(found) << found.error().to_text();
  EXPECT_THAT(blind_spots, IsEmpty());
  std::vector<std::string> lines;
  if (found)
    for (const Attachment& one : *found) lines.push_back(one.tool + " | " + one.place + " | " + one.undo.to_text());
  return lines;
}

std::string lasting(RecordedHost& host) {
  std::vector<std::string> blind_spots;
  Result<std::vector<Attachment>> found = find_attachments(host, blind_spots);
  return found && !found->empty() ? found->front().lasting : std::string("nothing found");
}

FirewallPlan plan(RecordedHost& host) {
  Result<FirewallPlan> found = plan_firewall(host, {});
  EXPECT_TRUE(found) << found.error().to_text();
  return found ? *found : FirewallPlan();
}

TEST(RecordedKernelAlg, Fw4NamesTheZoneInItsConfiguration) {
  RecordedHost host;
  host.ruleset = kFw4;
  EXPECT_THAT(attachments(host),
              ElementsAre("OpenWrt fw4 | nftables inet fw4 helper_lan | nft delete rule inet fw4 helper_lan handle 12",
                          "OpenWrt fw4 | nftables inet fw4 | nft delete ct helper inet fw4 sip"));
  EXPECT_THAT(lasting(host), HasSubstr("`option auto_helper '0'` in the zone named 'lan'"));
  host.files["/etc/config/firewall"] = "config zone\n\toption name 'lan'\n\tlist helper 'sip'\n";
  EXPECT_THAT(lasting(host), HasSubstr("remove /etc/config/firewall:3: list helper 'sip'"));
}

TEST(RecordedKernelAlg, ProtocolsAreNamedWithoutTheirFile) {
  RecordedHost host;
  host.ruleset = R"({"nftables": [{"table": {"family": "ip", "name": "alg", "handle": 1}},
    {"ct helper": {"family": "ip", "name": "a", "table": "alg", "handle": 2, "type": "sip", "protocol": 17}},
    {"ct helper": {"family": "ip", "name": "b", "table": "alg", "handle": 3, "type": "sip", "protocol": 6}}]})";
  std::vector<std::string> blind_spots;
  const Result<std::vector<Attachment>> found = find_attachments(host, blind_spots);
  ASSERT_TRUE(found) << found.error().to_text();
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ((*found)[0].rule, "ct helper a { type \"sip\" protocol udp }");
  EXPECT_EQ((*found)[1].rule, "ct helper b { type \"sip\" protocol tcp }");
}

TEST(RecordedKernelAlg, FirewalldNamesZoneAndService) {
  RecordedHost host;
  host.ruleset = kFirewalld;
  EXPECT_THAT(attachments(host), SizeIs(4));
  host.files["/etc/firewalld/zones/internal.xml"] = "<zone>\n  <service name=\"sip\"/>\n</zone>\n";
  EXPECT_EQ(lasting(host),
            "firewall-cmd --permanent --zone=internal --remove-service=sip && firewall-cmd --reload (in "
            "/etc/firewalld/zones/internal.xml); to keep the ports open add 5060/udp and 5060/tcp as ports, which "
            "attach no helper");
}

TEST(RecordedKernelAlg, LegacyIptablesOfShorewallAndItsConntrackFile) {
  RecordedHost host;
  host.files["/proc/net/ip_tables_names"] = "raw\nfilter\n";
  host.files["/etc/shorewall/shorewall.conf"] = "STARTUP_ENABLED=Yes\nAUTOHELPERS=Yes\n";
  host.files["/etc/shorewall/conntrack"] = "?if __SIP_HELPER\nCT:helper:sip:PO - - udp 5060\n?endif\n";
  host.outputs["iptables-legacy-save"] =
      "# Generated by iptables-save v1.8.9 on Sat Jan  1 00:00:00 2022\n*raw\n:PREROUTING ACCEPT [10:1000]\n"
      "-A PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip\n"
      "-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n";
  EXPECT_THAT(attachments(host), ElementsAre("Shorewall | iptables-legacy raw PREROUTING | iptables-legacy -w 5 -t raw "
                                             "-D PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip"));
  EXPECT_THAT(lasting(host), HasSubstr("(/etc/shorewall/conntrack:2: CT:helper:sip:PO - - udp 5060; "
                                       "/etc/shorewall/shorewall.conf:2: AUTOHELPERS=Yes)"));
}

TEST(RecordedKernelAlg, UfwAndVyosAndFw3) {
  RecordedHost ufw;
  ufw.files["/proc/net/ip_tables_names"] = "raw\n";
  ufw.files["/etc/ufw/before.rules"] = "*raw\n-A PREROUTING -p udp --dport 5060 -j CT --helper sip\nCOMMIT\n";
  ufw.outputs["iptables-legacy-save"] =
      "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j CT --helper sip\nCOMMIT\n";
  EXPECT_EQ(lasting(ufw),
            "remove /etc/ufw/before.rules:2: -A PREROUTING -p udp --dport 5060 -j CT --helper sip; then `ufw reload`");

  RecordedHost vyos;
  vyos.ruleset = R"({"nftables": [{"table": {"family": "ip", "name": "vyos_conntrack", "handle": 1}},
    {"ct helper": {"family": "ip", "name": "sip_udp", "table": "vyos_conntrack", "handle": 2, "type": "sip", "protocol": "udp"}},
    {"chain": {"family": "ip", "table": "vyos_conntrack", "name": "VYOS_CT_HELPER", "handle": 3}},
    {"rule": {"family": "ip", "table": "vyos_conntrack", "chain": "VYOS_CT_HELPER", "handle": 4, "expr":
      [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"set": [5060, 5061]}}}, {"ct helper": "sip_udp"}]}}]})";
  EXPECT_EQ(lasting(vyos), "configure; delete system conntrack modules sip; commit; save");

  RecordedHost fw3;
  fw3.files["/proc/net/ip_tables_names"] = "raw\n";
  // Old OpenWrt has only the plain name, and it is the old kind.
  fw3.outputs["iptables-save"] =
      "# Generated by iptables-save v1.8.7 on Sat Jan  1 00:00:00 2022\n*raw\n:PREROUTING ACCEPT [0:0]\n"
      ":zone_lan_helper - [0:0]\n-A zone_lan_helper -p udp -m comment --comment \"!fw3: SIP VoIP connection tracking\" "
      "-m udp --dport 5060 -j CT --helper sip\nCOMMIT\n";
  EXPECT_THAT(attachments(fw3), ElementsAre(HasSubstr("OpenWrt fw3 | iptables raw zone_lan_helper | iptables -w 5")));
  EXPECT_THAT(lasting(fw3), HasSubstr("in the zone named 'lan'"));
}

TEST(RecordedKernelAlg, SettingOfOldKernelsNamesTheFile) {
  RecordedHost host;
  host.files["/proc/sys/net/netfilter/nf_conntrack_helper"] = "1\n";
  host.files["/etc/sysctl.d/90-nat.conf"] = "# helpers\nnet.netfilter.nf_conntrack_helper = 1\n";
  host.files["/etc/modprobe.d/local.conf"] = "options nf_conntrack nf_conntrack_helper=1\n";
  EXPECT_EQ(lasting(host),
            "remove /etc/sysctl.d/90-nat.conf:2: net.netfilter.nf_conntrack_helper = 1, "
            "/etc/modprobe.d/local.conf:1: options nf_conntrack nf_conntrack_helper=1");
  host.files["/proc/sys/net/netfilter/nf_conntrack_helper"] = "0\n";
  EXPECT_EQ(lasting(host), "nothing found");
}

TEST(RecordedKernelAlg, NamedMapLosesItsElementOnly) {
  RecordedHost host;
  host.ruleset = R"({"nftables": [{"table": {"family": "inet", "name": "t", "handle": 1}},
    {"ct helper": {"family": "inet", "name": "voice", "table": "t", "handle": 2, "type": "sip", "protocol": "udp"}},
    {"ct helper": {"family": "inet", "name": "files", "table": "t", "handle": 3, "type": "tftp", "protocol": "udp"}},
    {"map": {"family": "inet", "name": "by_port", "table": "t", "type": "inet_service", "handle": 4, "map": "ct helper",
      "elem": [[69, "files"], [5060, "voice"]]}},
    {"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 5, "expr":
      [{"ct helper": {"map": {"key": {"payload": {"protocol": "udp", "field": "dport"}}, "data": "@by_port"}}}]}}]})";
  EXPECT_THAT(attachments(host),
              ElementsAre("unknown | nftables inet t map by_port | nft -j -f - <<< "
                          "'{\"nftables\":[{\"delete\":{\"element\":{\"elem\":[[5060,\"voice\"]],\"family\":\"inet\","
                          "\"name\":\"by_port\",\"table\":\"t\"}}}]}'",
                          "unknown | nftables inet t | nft delete ct helper inet t voice"));
}

TEST(RecordedKernelAlg, UnreadableIptablesAreABlindSpotNotAClean) {
  RecordedHost host;
  host.files["/proc/net/ip_tables_names"] = "raw\n";
  std::vector<std::string> blind_spots;
  ASSERT_TRUE(find_attachments(host, blind_spots));
  EXPECT_THAT(blind_spots, ElementsAre("iptables rules exist that cannot be read without iptables-legacy-save"));
}

TEST(RecordedKernelAlg, HostileListingsAreErrorsNotCrashes) {
  std::vector<std::string> blind_spots;
  for (const char* text : {"", "[]", "{\"nftables\": 5}", "{\"nftables\": [", "\xff\xfe"}) {
    RecordedHost host;
    host.ruleset = text;
    Result<std::vector<Attachment>> found = find_attachments(host, blind_spots);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, Problem::malformed_answer);
  }
  RecordedHost odd;
  odd.ruleset = R"({"nftables": [5, null, [], {"rule": 7}, {"rule": {"expr": {"a": 1}}}, {"rule": {"handle": -1, "expr":
    [null, 3, {"match": 4}, {"match": {"left": 1, "right": {}}}, {"vmap": {"data": 5}}, {"vmap": {"data": {"set": [[1]]}}},
     {"ct helper": {"map": 3}}, {"ct helper": 9}, {"flow": []}, {"xt": "x"}, {"jump": 1}]}}, {"map": {"elem": 5}},
    {"chain": {"prio": "filter"}}, {"flowtable": {"dev": 3}}, {"ct helper": {"type": 5}}]})";
  EXPECT_THAT(attachments(odd), IsEmpty());
  EXPECT_THAT(plan(odd).rules, IsEmpty());
}

TEST(RecordedFirewall, Fw4GetsAnIncludeBehindItsRulesetAndTheFlowtableIsAvoided) {
  RecordedHost host;
  host.ruleset = kFw4;
  host.files["/etc/config/firewall"] = "config defaults\n\toption flow_offloading '1'\n";
  FirewallPlan wanted = plan(host);
  ASSERT_THAT(wanted.offload, SizeIs(1));
  EXPECT_EQ(
      warning_text(wanted.offload[0]),
      "nftables inet fw4 forward: flow add @ft, in hardware for br-lan, eth1: offloaded flows bypass the rules that "
      "mark and prioritise media");
  FirewallOutcome applied = apply_firewall(host, wanted);
  EXPECT_THAT(applied.refused, IsEmpty());
  const std::string lines =
      "insert rule inet fw4 forward ct state established,related ct mark and 0x60000000 != 0 accept comment \"viaduct: "
      "media is not offloaded\"\n"
      "insert rule inet fw4 forward meta l4proto { tcp, udp } ct state established,related th dport { 5060 } accept "
      "comment \"viaduct: SIP is not offloaded\"\n"
      "insert rule inet fw4 forward meta l4proto { tcp, udp } ct state established,related th sport { 5060 } accept "
      "comment \"viaduct: SIP answers are not offloaded\"\n"
      "insert rule inet fw4 forward ct mark and 0x20000000 == 0x20000000 accept comment \"viaduct: pinholes of SIP "
      "calls\"\n";
  EXPECT_EQ(host.files["/etc/viaduct/fw4.nft"], lines);
  ASSERT_THAT(host.changes, SizeIs(9));
  EXPECT_EQ(host.changes[3],
            "nft insert rule inet fw4 forward 'ct mark and 0x20000000 == 0x20000000 accept comment \"viaduct: pinholes "
            "of SIP calls\"'");
  EXPECT_EQ(std::vector<std::string>(host.changes.begin() + 4, host.changes.end()),
            (std::vector<std::string>{"uci set firewall.viaduct=include", "uci set firewall.viaduct.type=nftables",
                                      "uci set firewall.viaduct.path=/etc/viaduct/fw4.nft",
                                      "uci set firewall.viaduct.position=ruleset-post", "uci commit firewall"}));
  FirewallOutcome removed = remove_firewall(host, plan(host));
  EXPECT_THAT(removed.done,
              ElementsAre("clean /etc/viaduct/fw4.nft", "uci delete firewall.viaduct", "uci commit firewall"));
  EXPECT_FALSE(host.files.contains("/etc/viaduct/fw4.nft"));
}

TEST(RecordedFirewall, FirewalldIsOpenedButSaidNotToLast) {
  RecordedHost host;
  host.ruleset = kFirewalld;
  FirewallPlan wanted = plan(host);
  ASSERT_THAT(wanted.rules, SizeIs(1));
  EXPECT_EQ(wanted.rules[0].place, "nftables inet firewalld filter_FORWARD");
  EXPECT_THAT(wanted.rules[0].note, HasSubstr("not persistent"));
  EXPECT_EQ(wanted.rules[0].obstacle, "");

  std::string owned = kFirewalld;
  std::string table = R"("name": "firewalld", "handle": 1)";
  owned.replace(owned.find(table), table.size(), table + R"(, "flags": ["owner", "persist"])");
  host.ruleset = owned;
  FirewallOutcome applied = apply_firewall(host, plan(host));
  EXPECT_THAT(applied.done, IsEmpty());
  EXPECT_THAT(applied.refused, ElementsAre(HasSubstr("NftablesTableOwner=no")));
}

TEST(RecordedFirewall, FirewalldWithIptablesKeepsADirectRule) {
  RecordedHost host;
  host.files["/proc/net/ip_tables_names"] = "filter\n";
  host.outputs["iptables-legacy-save"] =
      "*filter\n:FORWARD ACCEPT [0:0]\n:FORWARD_direct - [0:0]\n-A FORWARD -j FORWARD_direct\n"
      "-A FORWARD -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n";
  FirewallOutcome applied = apply_firewall(host, plan(host));
  EXPECT_THAT(applied.refused, IsEmpty());
  EXPECT_THAT(host.changes,
              ElementsAre("iptables-legacy -w 5 -t filter -I FORWARD 1 -m comment --comment 'viaduct: pinholes of SIP "
                          "calls' -m connmark --mark 0x20000000/0x20000000 -j ACCEPT",
                          "firewall-cmd --permanent --direct --add-rule ipv4 filter FORWARD 0 -m connmark --mark "
                          "0x20000000/0x20000000 -j ACCEPT"));
}

TEST(RecordedFirewall, UfwRulesGoIntoBothBeforeFiles) {
  RecordedHost host;
  host.files["/proc/net/ip_tables_names"] = "filter\n";
  host.files["/proc/net/ip6_tables_names"] = "filter\n";
  host.outputs["iptables-legacy-save"] =
      "*filter\n:FORWARD DROP [0:0]\n:ufw-before-forward - [0:0]\n-A FORWARD -j ufw-before-forward\nCOMMIT\n";
  host.outputs["ip6tables-legacy-save"] =
      "*filter\n:FORWARD DROP [0:0]\n:ufw6-before-forward - [0:0]\n-A FORWARD -j ufw6-before-forward\nCOMMIT\n";
  const std::string head = "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:ufw-before-forward - [0:0]\n";
  const std::string tail = "-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n";
  const std::string head6 = "*filter\n:ufw6-before-forward - [0:0]\n";
  host.files["/etc/ufw/before.rules"] = head + tail;
  host.files["/etc/ufw/before6.rules"] = head6 + "COMMIT\n";
  FirewallPlan wanted = plan(host);
  ASSERT_THAT(wanted.rules, SizeIs(2));
  EXPECT_EQ(wanted.rules[0].tool, "ufw");
  EXPECT_THAT(apply_firewall(host, wanted).refused, IsEmpty());
  auto block = [](const std::string& chain) {
    return "# viaduct begin (kept by viaduct-gateway firewall-rule)\n-A " + chain +
           " -m comment --comment \"viaduct: pinholes of SIP calls\" -m connmark --mark 0x20000000/0x20000000 -j "
           "ACCEPT\n# viaduct end\n";
  };
  EXPECT_EQ(host.files["/etc/ufw/before.rules"], head + block("ufw-before-forward") + tail);
  EXPECT_EQ(host.files["/etc/ufw/before6.rules"], head6 + block("ufw6-before-forward") + "COMMIT\n");
  EXPECT_THAT(remove_firewall(host, plan(host)).refused, IsEmpty());
  EXPECT_EQ(host.files["/etc/ufw/before.rules"], head + tail);
  EXPECT_EQ(host.files["/etc/ufw/before6.rules"], head6 + "COMMIT\n");
}

TEST(RecordedFirewall, SavedIptablesRulesAndOffloadOfFw3) {
  RecordedHost host;
  host.files["/proc/net/ip_tables_names"] = "filter\n";
  host.files["/etc/iptables/rules.v4"] = "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i lan0 -j ACCEPT\nCOMMIT\n";
  host.outputs["iptables-legacy-save"] =
      "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j FLOWOFFLOAD\n"
      "-A FORWARD -i lan0 -j ACCEPT\nCOMMIT\n";
  FirewallPlan wanted = plan(host);
  ASSERT_THAT(wanted.offload, SizeIs(1));
  EXPECT_THAT(wanted.rules, SizeIs(7)) << "two marks, two protocols with two sides, and the pinhole rule";
  EXPECT_THAT(apply_firewall(host, wanted).refused, IsEmpty());
  EXPECT_THAT(host.files["/etc/iptables/rules.v4"],
              HasSubstr("-A FORWARD -m comment --comment \"viaduct: SIP udp --dports is not offloaded\" -p udp -m "
                        "multiport --dports 5060 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"));
  EXPECT_THAT(host.files["/etc/iptables/rules.v4"],
              HasSubstr("-j ACCEPT\n# viaduct end\n-A FORWARD -i lan0 -j ACCEPT\nCOMMIT\n"));
}

TEST(RecordedFirewall, MarkRuleWrittenByHandCountsAndStays) {
  RecordedHost host;
  host.ruleset = R"({"nftables": [{"table": {"family": "inet", "name": "filter", "handle": 1}},
    {"chain": {"family": "inet", "table": "filter", "name": "fwd", "handle": 2, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
    {"rule": {"family": "inet", "table": "filter", "chain": "fwd", "handle": 3, "expr":
      [{"match": {"op": "!=", "left": {"&": [{"ct": {"key": "mark"}}, 536870912]}, "right": 0}}, {"counter": {"packets": 0, "bytes": 0}}, {"accept": null}]}}]})";
  FirewallPlan found = plan(host);
  EXPECT_TRUE(found.complete());
  EXPECT_THAT(remove_firewall(host, found).done, IsEmpty());
}

}  // namespace
}  // namespace viaduct::os
