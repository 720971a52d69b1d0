// SPDX-License-Identifier: GPL-2.0-or-later
// Dumps of Linux boxes and of what is made of them, as people collect them: what all parts together say.
#include "audit/read_device.hpp"

#include <gtest/gtest.h>

namespace viaduct::audit {
namespace {

/// "linux-netfilter 6.1.0 gw: on, unreplied 30, stream 120"
std::string seen(std::string text) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const Device device = read_device(Text::read("a", std::move(text)), catalogue, recogniser);
  std::string shown =
      device.product + " " + device.version + " " + device.hostname + ": " + std::string(name(device.sip));
  for (const Timer& timer : device.timers)
    shown += ", " + std::string(name(timer.applies)) + " " + std::to_string(timer.seconds);
  return shown;
}

const std::string kSipModules = "nf_nat_sip             20480  0\nnf_conntrack_sip       36864  1 nf_nat_sip\n";
const std::string kNat =
    "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o wan0 -j MASQUERADE\nCOMMIT\n";

TEST(LinuxDump, AKernelBefore4_7AssignsByItselfWhatIsLoaded) {
  const std::string begin = "$ uname -r\n4.4.0-210-generic\n$ iptables-save\n" + kNat;
  EXPECT_EQ(seen(begin + "$ lsmod | grep sip\n" + kSipModules +
                 "$ sysctl -n net.netfilter.nf_conntrack_udp_timeout_stream\n90\n"),
            "linux-netfilter 4.4.0-210-generic : on, udp-unreplied 30, udp-stream 90");
  EXPECT_EQ(seen(begin + "$ lsmod | grep sip\n"),
            "linux-netfilter 4.4.0-210-generic : off, udp-unreplied 30, udp-stream 180");
  EXPECT_EQ(seen(begin + "$ lsmod | grep ftp\n"),
            "linux-netfilter 4.4.0-210-generic : unknown, udp-unreplied 30, udp-stream 180");
}

TEST(LinuxDump, ModulesWithoutAssignmentDoNothing) {
  EXPECT_EQ(seen("uname -a:\nLinux fw1 4.19.0-26-amd64 #1 SMP Debian x86_64 GNU/Linux\n\nlsmod:\n" + kSipModules +
                 "\ncat /proc/sys/net/netfilter/nf_conntrack_helper:\n0\n\niptables-save:\n" + kNat),
            "linux-netfilter 4.19.0-26-amd64 fw1: off, udp-unreplied 30, udp-stream 180");
}

TEST(LinuxDump, WhatBootFilesLoadIsLoadedUnlessItIsBlacklisted) {
  const std::string begin =
      "### uname -r\n5.10.0-28-amd64\n### /etc/sysctl.d/1.conf\nnet.netfilter.nf_conntrack_helper = 1\n### "
      "/etc/modules\nnf_nat_sip\nnf_conntrack_sip\n";
  EXPECT_EQ(seen(begin + "### iptables-save\n" + kNat),
            "linux-netfilter 5.10.0-28-amd64 : on, udp-unreplied 30, udp-stream 120");
  EXPECT_EQ(seen(begin + "### /etc/modprobe.d/a.conf\nblacklist nf_conntrack_sip\n### iptables-save\n" + kNat),
            "linux-netfilter 5.10.0-28-amd64 : unknown, udp-unreplied 30, udp-stream 120");
  EXPECT_EQ(seen(begin + "### /etc/modprobe.d/a.conf\noptions nf_conntrack_sip ports=5070 sip_timeout=900\n"),
            "linux-netfilter 5.10.0-28-amd64 : partly, udp-unreplied 30, udp-stream 120, sip 900");
}

TEST(LinuxDump, ThePortsOfTheModuleReplace5060) {
  const std::string begin =
      "root@gw:~# uname -r\n5.10.0-28-amd64\nroot@gw:~# sysctl net.netfilter.nf_conntrack_helper\n"
      "net.netfilter.nf_conntrack_helper = 1\nroot@gw:~# lsmod\n" +
      kSipModules + "root@gw:~# cat /sys/module/nf_conntrack_sip/parameters/ports\n";
  EXPECT_EQ(seen(begin + "5070,5080\n"),
            "linux-netfilter 5.10.0-28-amd64 gw: partly, udp-unreplied 30, udp-stream 120");
  EXPECT_EQ(seen(begin + "5060,5080\n"), "linux-netfilter 5.10.0-28-amd64 gw: on, udp-unreplied 30, udp-stream 120");
}

TEST(LinuxDump, AListingOfIptablesIsReadAsItsRules) {
  const std::string raw =
      "root@gw:~# uname -r\n6.1.0-18-amd64\nroot@gw:~# iptables -t raw -vnL\n"
      "Chain PREROUTING (policy ACCEPT 90211 packets, 60M bytes)\n"
      " pkts bytes target     prot opt in     out     source               destination\n";
  const std::string filter =
      "root@gw:~# iptables -nL\nChain FORWARD (policy DROP)\ntarget     prot opt source               destination\n";
  EXPECT_EQ(seen(raw +
                 "  120  8800 CT         udp  --  br0    *       0.0.0.0/0            0.0.0.0/0            udp "
                 "dpt:5060 CT helper sip\n" +
                 filter),
            "linux-netfilter 6.1.0-18-amd64 gw: on, udp-unreplied 30, udp-stream 120");
  EXPECT_EQ(seen(raw + filter), "linux-netfilter 6.1.0-18-amd64 gw: off, udp-unreplied 30, udp-stream 120");
  EXPECT_EQ(seen(filter), "linux-netfilter  gw: unknown, udp-unreplied 30, udp-stream -1");
}

TEST(LinuxDump, AHelperForSomeInterfacesOfSeveralIsPartly) {
  const auto ruleset = [](const std::string& from) {
    return "table inet fw {\n\tct helper s {\n\t\ttype \"sip\" protocol udp\n\t}\n\tchain pre {\n\t\ttype filter hook "
           "prerouting priority filter; policy accept;\n\t\t" +
           from +
           " jump voip\n\t}\n\tchain voip {\n\t\tudp dport 5060 ct helper set \"s\"\n\t}\n\tchain fwd {\n\t\ttype "
           "filter hook forward priority filter; policy drop;\n"
           "\t\tiifname { \"vlan10\", \"vlan20\" } oifname \"wan\" accept\n\t\tiifname \"wan\" oifname \"vlan20\" "
           "accept\n\t}\n\tchain post {\n"
           "\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\toifname \"wan\" masquerade\n\t}\n}\n";
  };
  EXPECT_EQ(seen(ruleset("iifname \"vlan20\"")), "linux-netfilter  : partly, udp-unreplied 30, udp-stream -1");
  EXPECT_EQ(seen(ruleset("iifname { \"vlan20\", \"vlan10\" }")),
            "linux-netfilter  : on, udp-unreplied 30, udp-stream -1");
  EXPECT_EQ(seen(ruleset("iifname \"vlan*\"")), "linux-netfilter  : on, udp-unreplied 30, udp-stream -1");
}

TEST(LinuxDump, SipThatRawKeepsFromConntrackIsPartly) {
  const std::string begin =
      "# Generated by iptables-save v1.8.7\n*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
      "-A PREROUTING -s 10.0.5.0/24 -p udp -m udp --dport 5060 -j CT --notrack\n";
  EXPECT_EQ(seen(begin + "-A PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip\nCOMMIT\n"),
            "linux-netfilter  : partly, udp-unreplied 30, udp-stream -1");
  EXPECT_EQ(seen(begin + "COMMIT\n"), "linux-netfilter  : off, udp-unreplied 30, udp-stream -1");
}

const std::string kForward =
    "table inet filter {\n\tchain fwd {\n\t\ttype filter hook forward priority filter; policy accept;\n\t}\n}\n";

TEST(LinuxDump, APartOfTheRulesetIsNotAllOfIt) {
  const std::string unknown = "linux-netfilter  gw: unknown, udp-unreplied 30, udp-stream -1";
  const std::string off = "linux-netfilter  gw: off, udp-unreplied 30, udp-stream -1";
  const std::string begin = "root@gw:~# nft list ";
  EXPECT_EQ(seen(begin + "table inet filter\n" + kForward), unknown);
  EXPECT_EQ(seen(begin + "chain inet filter fwd\n" + kForward), unknown);
  EXPECT_EQ(seen(begin + "ruleset inet\n" + kForward), unknown);
  EXPECT_EQ(seen(begin + "ruleset | head -40\n" + kForward), unknown);
  EXPECT_EQ(seen(begin + "ruleset\n" + kForward), off);
  EXPECT_EQ(seen(begin + "ruleset 2>/dev/null\n" + kForward), off);
  EXPECT_EQ(seen(begin + "table inet filter\n" + kForward + begin + "ruleset\n" + kForward), off);
  EXPECT_EQ(
      seen("root@gw:~# cat /etc/nftables.conf\nflush ruleset\n" + kForward + begin + "table inet filter\n" + kForward),
      off);
}

TEST(LinuxDump, RulesAreOfTheFamilyThatTheirFileIsCalledBy) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const auto edit = [](const std::string& text) {
    const Device device = read_device(Text::read("a", text), catalogue, recogniser);
    std::string shown(name(device.sip));
    for (const Feature& feature : device.features)
      if (feature.state == State::on) shown += ": " + feature.edit.fix.at(0) + " | " + feature.edit.undo.at(0);
    return shown;
  };
  const std::string rule = " PREROUTING -p udp --dport 5060 -j CT --helper sip";
  const std::string set = "*raw\n:PREROUTING ACCEPT [0:0]\n-A" + rule + "\nCOMMIT\n";
  const std::string with4 = "==> /etc/iptables/rules.v4 <==\n# Generated by iptables-save v1.8.9\n";
  const std::string with6 = "==> /etc/iptables/rules.v6 <==\n";
  const std::string insert = " PREROUTING 1 -p udp --dport 5060 -j CT --helper sip";
  EXPECT_EQ(edit(with4 + kNat + with6 + set), "partly: ip6tables -t raw -D" + rule + " | ip6tables -t raw -I" + insert);
  EXPECT_EQ(edit(with6 + "# Generated by ip6tables-save v1.8.9\n" + kNat + "==> /etc/iptables/rules.v4 <==\n" + set),
            "on: iptables -t raw -D" + rule + " | iptables -t raw -I" + insert);
}

TEST(LinuxDump, AFileThatIncludesOthersIsNotAllOfThem) {
  const std::string rest = ", udp-unreplied 30, udp-stream -1";
  const auto file = [](const std::string& name, const std::string& lines) { return "==> " + name + " <==\n" + lines; };
  const std::string main = file("/etc/nftables.conf", "flush ruleset\ninclude \"/etc/nftables.d/*.nft\"\n" + kForward);
  EXPECT_EQ(seen(main), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(main + file("/etc/nftables.d/a.nft", kForward)), "linux-netfilter  : off" + rest);
  EXPECT_EQ(seen(main + file("nft list ruleset", kForward)), "linux-netfilter  : off" + rest);
  const std::string named = file("/etc/nftables.conf", kForward + "include \"/etc/nftables/sip.nft\"\n");
  EXPECT_EQ(seen(named), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(named + file("/etc/nftables/sip.nft.old", kForward)), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(named + file("/etc/nftables/sip.nft", kForward)), "linux-netfilter  : off" + rest);
}

TEST(LinuxDump, AnEmptyTableRawAloneSaysNothingOfTheFirewall) {
  const std::string raw = "*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n";
  const std::string rest = ", udp-unreplied 30, udp-stream -1";
  const auto saved = [](const std::string& program, const std::string& tables) {
    return "root@gw:~# " + program + "-save\n# Generated by " + program + "-save v1.8.9 on Mon Nov 23 2026\n" + tables;
  };
  EXPECT_EQ(seen(saved("iptables", raw)), "linux-netfilter  gw: unknown" + rest);
  EXPECT_EQ(seen(saved("iptables", raw + kNat)), "linux-netfilter  gw: off" + rest);
  EXPECT_EQ(seen(saved("ip6tables", raw + kNat)), "linux-netfilter  gw: unknown" + rest);
  EXPECT_EQ(seen(saved("ip6tables", raw + kNat) + saved("iptables", kNat)), "linux-netfilter  gw: off" + rest);
  EXPECT_EQ(seen("# Generated by ip6tables-save v1.8.9 on Mon Nov 23 2026\n" + raw + kNat),
            "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen("root@gw:~# uname -r\n6.1.0\nroot@gw:~# iptables -t raw -S\n-P PREROUTING ACCEPT\n-P OUTPUT ACCEPT\n"),
            "linux-netfilter 6.1.0 gw: unknown, udp-unreplied 30, udp-stream 120");
}

TEST(LinuxDump, WhatARuleOfIptablesSetsIsNotInAListingOfNft) {
  const std::string rest = ", udp-unreplied 30, udp-stream -1";
  const auto listed = [](const std::string& table, const std::string& target) {
    return "root@gw:~# nft list ruleset\ntable " + table +
           " {\n\tchain PREROUTING {\n\t\ttype filter hook prerouting priority raw; policy accept;\n\t\tudp dport 5060 "
           "counter packets 0 bytes 0 " +
           target + "\n\t}\n}\n";
  };
  const std::string save =
      "root@gw:~# iptables-nft-save\n*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp --dport 5060 ";
  for (const char* const target : {"xt target CT", "xt target \"CT\"", "# CT helper sip", "# xt_CT"}) {
    EXPECT_EQ(seen(listed("ip raw", target)), "linux-netfilter  gw: unknown" + rest) << target;
    EXPECT_EQ(seen(listed("ip6 raw", target)), "linux-netfilter  gw: unknown" + rest) << target;
  }
  EXPECT_EQ(seen(listed("ip raw", "xt target \"MARK\"")), "linux-netfilter  gw: off" + rest);
  EXPECT_EQ(seen(listed("ip raw", "xt target CT") + save + "-j CT --notrack\nCOMMIT\n"),
            "linux-netfilter  gw: off" + rest);
  // Of the other kind of iptables.
  EXPECT_EQ(seen(listed("ip raw", "xt target CT") + "root@gw:~# iptables-save\n" + kNat),
            "linux-netfilter  gw: unknown" + rest);
  EXPECT_EQ(seen(listed("ip6 raw", "xt target CT") + save + "-j CT --notrack\nCOMMIT\n"),
            "linux-netfilter  gw: unknown" + rest);
  EXPECT_EQ(seen(listed("ip raw", "xt target CT") + save + "-j CT --helper sip\nCOMMIT\n"),
            "linux-netfilter  gw: on" + rest);
}

TEST(LinuxDump, OlderJsonTellsNotEvenTheTarget) {
  const auto listed = [](const std::string& table, const std::string& target) {
    return "{\"nftables\": [{\"metainfo\": {\"json_schema_version\": 1}}, {\"table\": {\"family\": \"ip\", \"name\": "
           "\"" +
           table + "\", \"handle\": 1}}, {\"rule\": {\"family\": \"ip\", \"table\": \"" + table +
           "\", \"chain\": \"PREROUTING\", \"handle\": 2, \"expr\": [{\"xt\": " + target + "}]}}]}\n";
  };
  const std::string rest = ", udp-unreplied 30, udp-stream -1";
  EXPECT_EQ(seen(listed("raw", R"({"type": "target", "name": "CT"})")), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(listed("raw", R"({"type": "target", "name": "MARK"})")), "linux-netfilter  : off" + rest);
  EXPECT_EQ(seen(listed("raw", "null")), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(listed("filter", "null")), "linux-netfilter  : off" + rest);
}

TEST(OpenWrtDump, WhereEachZoneHasMasqNoneGetsHelpers) {
  const std::string begin =
      "root@ow:~# cat /etc/banner\n OpenWrt 22.03.5, r20134\nroot@ow:~# lsmod | grep sip\n" + kSipModules +
      "root@ow:~# cat /etc/config/firewall\nconfig defaults\n\toption input 'ACCEPT'\nconfig forwarding\n\toption src "
      "'lan'\n\toption dest 'wan'\nconfig zone\n\toption name 'wan'\n\toption masq '1'\n";
  EXPECT_EQ(seen(begin + "config zone\n\toption name 'lan'\n\toption masq '1'\n"),
            "openwrt-fw4 22.03.5 ow: off, udp-unreplied 60, udp-stream 180");
  EXPECT_EQ(seen(begin + "config zone\n\toption name 'lan'\n"),
            "openwrt-fw4 22.03.5 ow: on, udp-unreplied 60, udp-stream 180");
  EXPECT_EQ(seen(begin + "config zone\n\toption name 'lan'\nconfig rule\n\toption name 'n'\n\toption dest_port "
                         "'5060'\n\toption target 'NOTRACK'\n"),
            "openwrt-fw4 22.03.5 ow: partly, udp-unreplied 60, udp-stream 180");
}

TEST(OpenWrtDump, OwnLinesActAsTheModuleAndTheKernelLetThem) {
  const auto with = [](const std::string& release, const std::string& modules, const std::string& line) {
    return seen("==> /etc/openwrt_release <==\nDISTRIB_RELEASE='" + release +
                "'\n==> /etc/config/firewall <==\nconfig defaults\n\toption auto_helper '0'\n\toption input "
                "'ACCEPT'\nconfig zone\n\toption name 'lan'\nconfig forwarding\n\toption src 'lan'\n\toption dest "
                "'wan'\n==> /etc/rc.local <==\n" +
                line + "\n" + modules);
  };
  const std::string rest = ", udp-unreplied 60, udp-stream 180";
  const std::string sysctl = "echo 1 > /proc/sys/net/netfilter/nf_conntrack_helper";
  const std::string loaded = "==> lsmod <==\n" + kSipModules;
  const std::string none = "==> lsmod <==\nnf_conntrack 90112 1 nf_nat\n";
  EXPECT_EQ(with("23.05.3", loaded, sysctl), "openwrt-fw4 23.05.3 : on" + rest);
  EXPECT_EQ(with("23.05.3", {}, sysctl), "openwrt-fw4 23.05.3 : unknown" + rest);
  EXPECT_EQ(with("23.05.3", none, sysctl), "openwrt-fw4 23.05.3 : off" + rest);
  EXPECT_EQ(with("24.10.0", loaded, sysctl), "openwrt-fw4 24.10.0 : off" + rest);
  EXPECT_EQ(with("23.05.3", loaded, "echo 0 > /proc/sys/net/netfilter/nf_conntrack_helper"),
            "openwrt-fw4 23.05.3 : off" + rest);
  EXPECT_EQ(with("23.05.3", loaded, "'<<' <<EOF\nx\nEOF"), "openwrt-fw4 23.05.3 : off" + rest);
  const std::string rule = "udp dport 5060 ct helper set \"h\"\n";
  EXPECT_EQ(with("23.05.3", {}, "==> /etc/sip.fw <==\n" + rule), "openwrt-fw4 23.05.3 : unknown" + rest);
  EXPECT_EQ(with("23.05.3", {}, "==> /etc/nftables.d/a.nft <==\n" + rule), "openwrt-fw4 23.05.3 : unknown" + rest);
  EXPECT_EQ(with("23.05.3", {}, "==> /etc/nftables.d/a.nft <==\ninclude \"/etc/b.nft\"\n"),
            "openwrt-fw4 23.05.3 : unknown" + rest);
  const std::string asked = "==> cat /proc/sys/net/netfilter/nf_conntrack_helper <==\n";
  EXPECT_EQ(with("23.05.3", loaded, asked + "1\n"), "openwrt-fw4 23.05.3 : on" + rest);
  EXPECT_EQ(with("23.05.3", loaded, asked + "0\n"), "openwrt-fw4 23.05.3 : off" + rest);
  EXPECT_EQ(with("23.05.3", loaded, "==> sysctl -a <==\nnet.netfilter.nf_conntrack_helper = 1\n"),
            "openwrt-fw4 23.05.3 : on" + rest);
  EXPECT_EQ(with("23.05.3", none, ". /etc/sip.sh"), "openwrt-fw4 23.05.3 : off" + rest);
  EXPECT_EQ(with("23.05.3", {}, ". /etc/sip.sh"), "openwrt-fw4 23.05.3 : unknown" + rest);
  EXPECT_EQ(with("23.05.3", {}, ". /etc/os-release"), "openwrt-fw4 23.05.3 : off" + rest);
  EXPECT_EQ(with("23.05.3", {}, "sh -c 'iptables -t raw -A PREROUTING -p udp -j CT --helper sip'"),
            "openwrt-fw4 23.05.3 : unknown" + rest);
  EXPECT_EQ(with("23.05.3", {}, "iptables -A FORWARD -m helper --helper sip -j ACCEPT"),
            "openwrt-fw4 23.05.3 : off" + rest);
}

TEST(OpenWrtDump, PackagesAreKnownWhereTheyWereAskedFor) {
  const std::string end =
      "root@ow:~# uci show "
      "firewall\nfirewall.@defaults[0]=defaults\nfirewall.@zone[0]=zone\nfirewall.@zone[0].name='lan'\nfirewall.@"
      "forwarding[0]=forwarding\n";
  EXPECT_EQ(seen("root@ow:~# opkg list-installed | grep helper\n" + end),
            "openwrt-fw4  ow: off, udp-unreplied 60, udp-stream 180");
  EXPECT_EQ(seen("root@ow:~# opkg list-installed | grep luci\nluci - 1\n" + end),
            "openwrt-fw4  ow: unknown, udp-unreplied 60, udp-stream 180");
  EXPECT_EQ(seen("# kmod-nf-conntrack kmod-nf-nat kmod-nf-nathelper-extra\n" + end),
            "openwrt-fw4  ow: on, udp-unreplied 60, udp-stream 180");
}

/// A chain that sets the helper, and a hook that goes on by `rule`; `maps` stand before it.
std::string json_of(const std::string& maps, const std::string& rule) {
  return "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\", \"json_schema_version\": 1}}, {\"table\": "
         "{\"family\": \"inet\", \"name\": \"f\", "
         "\"handle\": 1}}, {\"ct helper\": {\"family\": \"inet\", \"name\": \"h\", \"table\": \"f\", \"handle\": 2, "
         "\"type\": \"sip\", \"protocol\": "
         "\"udp\", \"l3proto\": \"inet\"}}, " +
         maps +
         "{\"chain\": {\"family\": \"inet\", \"table\": \"f\", \"name\": \"sip\", \"handle\": 3}}, {\"chain\": "
         "{\"family\": \"inet\", \"table\": \"f\", "
         "\"name\": \"pre\", \"handle\": 4, \"type\": \"filter\", \"hook\": \"prerouting\", \"prio\": 0, \"policy\": "
         "\"accept\"}}, {\"rule\": "
         "{\"family\": \"inet\", \"table\": \"f\", \"chain\": \"sip\", \"handle\": 7, \"expr\": [{\"ct helper\": "
         "\"h\"}]}}, {\"rule\": {\"family\": "
         "\"inet\", \"table\": \"f\", \"chain\": \"pre\", \"handle\": 8, \"expr\": [" +
         rule + "]}}]}\n";
}

TEST(LinuxDump, AMapMayHaveAName) {
  const std::string vmap = R"({"vmap": {"key": {"payload": {"protocol": "udp", "field": "dport"}}, "data": "@m"}})";
  const std::string map =
      R"({"map": {"family": "inet", "name": "m", "table": "f", "type": "inet_service", "handle": 5, "map": "verdict")";
  const std::string rest = ", udp-unreplied 30, udp-stream -1";
  EXPECT_EQ(seen(json_of(map + R"(, "elem": [[22, {"accept": null}], [5060, {"jump": {"target": "sip"}}]]}}, )", vmap)),
            "linux-netfilter  : on" + rest);
  EXPECT_EQ(seen(json_of(map + R"(, "elem": [[22, {"accept": null}]]}}, )", vmap)), "linux-netfilter  : off" + rest);
  // Elements come and go while it runs.
  EXPECT_EQ(seen(json_of(map + "}}, ", vmap)), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(json_of({}, vmap)), "linux-netfilter  : unknown" + rest);
}

TEST(LinuxDump, RulesAloneAreOffIfWhatWroteThemIsYoungerThanKernel4_7) {
  const std::string rest = ", udp-unreplied 30, udp-stream -1";
  const auto saved = [](const std::string& version) {
    return "# Generated by iptables-save v" + version + " on Mon Nov 23 2026\n" + kNat;
  };
  EXPECT_EQ(seen(saved("1.4.21")), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(saved("1.6.0")), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(saved("1.6.1")), "linux-netfilter  : off" + rest);
  EXPECT_EQ(seen(saved("1.8.10")), "linux-netfilter  : off" + rest);
  const auto listed = [](const std::string& priority) {
    return "table ip nat {\n\tchain post {\n\t\ttype nat hook postrouting priority " + priority +
           "; policy accept;\n\t\tmasquerade\n\t}\n}\n";
  };
  EXPECT_EQ(seen(listed("100")), "linux-netfilter  : unknown" + rest);
  EXPECT_EQ(seen(listed("srcnat")), "linux-netfilter  : off" + rest);
}

TEST(LinuxDump, FilesOfSysctlActInTheOrderOfTheirNames) {
  const auto set = [](const std::string& file, const std::string& value) {
    return "==> " + file + " <==\nnet.netfilter.nf_conntrack_udp_timeout_stream = " + value + "\n";
  };
  const std::string kernel = "==> uname -r <==\n6.1.0-21-amd64\n==> iptables-save <==\n" + kNat;
  const auto stream = [&](const std::string& files) {
    const std::string shown = seen(files + kernel);
    return shown.substr(shown.rfind(' ') + 1);
  };
  EXPECT_EQ(stream(set("/etc/sysctl.d/99-a.conf", "300") + set("/etc/sysctl.d/10-b.conf", "60")), "300");
  EXPECT_EQ(stream(set("/etc/sysctl.conf", "300") + set("/etc/sysctl.d/zz.conf", "60")), "300");
  EXPECT_EQ(stream(set("/etc/sysctl.d/50-a.conf", "300") + set("/usr/lib/sysctl.d/50-a.conf", "60")), "300");
  EXPECT_EQ(stream(set("/etc/sysctl.d/10-a.conf", "60") + set("/etc/sysctl.d/20-a.conf", "300")), "300");
}

}  // namespace
}  // namespace viaduct::audit
