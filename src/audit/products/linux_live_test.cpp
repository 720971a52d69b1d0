// SPDX-License-Identifier: GPL-2.0-or-later
// What the kernel of a router has, told in the same text as its configuration.
#include "audit/products/seen_test.hpp"
#include "audit/read_device.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::audit {
namespace {

Device read(std::string text) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  return read_device(Text::read("a", std::move(text)), catalogue, recogniser);
}

/// "on, ct helper sip [table inet fw4 chain h udp 5060] on @12", features that act or may act.
std::string live(std::string text) {
  const Device device = read(std::move(text));
  std::string shown(name(device.sip));
  for (const Feature& feature : device.features)
    if (feature.state != State::off)
      shown += ", " + feature.name + " [" + feature.scope + "] " + std::string(name(feature.state)) +
               line_of(feature.origin);
  return shown;
}

const std::string kOpenWrt =
    "root@OpenWrt:~# cat /etc/openwrt_release\nDISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='23.05.3'\n"
    "root@OpenWrt:~# cat /etc/config/firewall\nconfig defaults\n\toption auto_helper '0'\n\nconfig zone\n"
    "\toption name 'lan'\n\nconfig forwarding\n\toption src 'lan'\n\toption dest 'wan'\n";  // 13 lines
const std::string kRule = "\t\tudp dport 5060 ct helper set \"sip\"\n";
const std::string kChain = "\tchain h {\n" + kRule + "\t}\n";
const std::string kHook =
    "\tchain p {\n\t\ttype filter hook prerouting priority filter; policy accept;\n"
    "\t\tiifname \"br-lan\" jump h\n\t}\n";
const std::string kRuleset =
    "table inet fw4 {\n\tct helper sip {\n\t\ttype \"sip\" protocol udp\n\t\tl3proto inet\n\t}\n" + kChain + kHook +
    "}\n";
const std::string kRaw = "-A PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip\n";

TEST(LinuxLive, WhatRunsCountsWhateverUciSays) {
  EXPECT_EQ(live(kOpenWrt), "off");
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# nft list ruleset\n" + kRuleset),
            "on, ct helper sip [table inet fw4 chain h udp 5060] on @21");
  EXPECT_EQ(live(kOpenWrt + kRuleset), "on, ct helper sip [table inet fw4 chain h udp 5060] on @20");
  EXPECT_EQ(
      live(kOpenWrt + "root@OpenWrt:~# iptables-save -t raw\n*raw\n:PREROUTING ACCEPT [0:0]\n" + kRaw + "COMMIT\n"),
      "on, CT --helper sip [raw PREROUTING udp 5060] on @17");
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# iptables -t raw -S\n-P PREROUTING ACCEPT\n" + kRaw),
            "on, CT --helper sip [raw PREROUTING udp 5060] on @16");
  EXPECT_EQ(
      live(kOpenWrt + "root@OpenWrt:~# conntrack -L\nudp 17 100 src=192.0.2.5 dst=198.51.100.9 sport=5060 dport=5060 "
                      "src=198.51.100.9 dst=203.0.113.4 sport=5060 dport=5060 [ASSURED] helper=sip use=1\n"),
      "partly, conntrack entry helper=sip [192.0.2.5 to 198.51.100.9 udp 5060] on @15");
}

TEST(LinuxLive, ARuleThatIsShownAloneActsToo) {
  const std::string part = "on, ct helper sip [a part of what runs] on @";
  const std::string asked = kOpenWrt + "root@OpenWrt:~# nft list ";
  EXPECT_EQ(live(asked + "ruleset | grep helper\n\tct helper sip {\n" + kRule), part + "16");
  EXPECT_EQ(live(asked + "chain inet fw4 h\ntable inet fw4 {\n" + kChain + "}\n"), part + "17");
  EXPECT_EQ(live(asked + "ruleset\n" + kRuleset.substr(0, kRuleset.find(kHook))), part + "21");
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# iptables-save | grep -i sip\n" + kRaw),
            "on, CT --helper sip [a part of what runs] on @15");
}

TEST(LinuxLive, ACommentOfAPrintedFileTakesNothingAway) {
  // Where the prompt is `#` alone.
  std::string bare = "# uname -a\n" + kOpenWrt;
  for (std::size_t at = bare.find("root@OpenWrt:~"); at != std::string::npos; at = bare.find("root@OpenWrt:~"))
    bare.erase(at, Bytes("root@OpenWrt:~").size());
  const std::string listed = bare + "# nft list ruleset | grep 'ct helper'\n" + kRule;
  const std::string file = "# cat /etc/rc.local\n";
  EXPECT_TRUE(live(listed + file + "exit 0\n# uptime\n").starts_with("on, "));
  for (const std::string comment : {"/etc/init.d/firewall restart\n", "nft list ruleset | grep 'ct helper'\n"}) {
    std::string text = listed;
    text.append(file).append("# ").append(comment).append("exit 0\n# uptime\n");
    EXPECT_FALSE(live(text).starts_with("off")) << comment;
  }
}

TEST(LinuxLive, WhatSomebodyTypedRuns) {
  const std::string prompt = kOpenWrt + "root@OpenWrt:~# ";
  EXPECT_EQ(live(prompt + "iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --zone 1 --helper sip\n"),
            "on, CT --helper sip [a part of what runs] on @14");
  EXPECT_EQ(live(prompt + "nft add rule inet fw4 h udp dport 5060 ct helper set \"sip\"\n"),
            "on, ct helper sip [a part of what runs] on @14");
  EXPECT_EQ(live(prompt + "iptables -t raw -D PREROUTING -p udp --dport 5060 -j CT --helper sip\n"), "off");
  EXPECT_EQ(live(prompt + "iptables -I FORWARD -m helper --helper sip -j ACCEPT\n"), "off");
}

TEST(LinuxLive, ACommentOfAFileIsNotTyped) {
  const std::string typed = "iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip\n";
  const std::string file = kOpenWrt + "root@OpenWrt:~# cat /etc/rc.local\n";
  EXPECT_EQ(live(file + "## " + typed), "off");
  EXPECT_EQ(live(kOpenWrt + "----- " + typed), "off");
  // What follows a comment is still of the file.
  for (const std::string comment : {"## iptables\n", "## uci for later\n", "# /etc/config/firewall\n"}) {
    std::string commented = file;
    commented.append(comment).append(typed);
    EXPECT_TRUE(live(commented).starts_with("on, ")) << comment;
  }
}

TEST(LinuxLive, NoCommentHasAnAnswer) {
  const std::string rules =
      "### iptables -t raw -nvL\nChain PREROUTING (policy ACCEPT 10 packets, 900 bytes)\n pkts bytes target\n"
      "    5   400 CT   udp -- br-lan * 0.0.0.0/0 0.0.0.0/0 udp dpt:5060 CT helper sip\n";
  for (const std::string typed : {"~/report.sh\n", "/bin/sh report.sh\n", "cat /etc/rc.local\n"}) {
    std::string text = kOpenWrt;
    text.append("root@OpenWrt:~# ").append(typed).append("### uname -a\nLinux OpenWrt 5.10\n").append(rules);
    EXPECT_TRUE(live(text).starts_with("on, ")) << typed;
  }
}

TEST(LinuxLive, WhateverPrintsAFileKeepsItsComments) {
  const std::string printed = " /etc/firewall.user";
  const std::string lines =
      "\n## tc needs the helper\niptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip\n";
  for (const std::string before :
       {"cat", "/bin/cat", "busybox cat", "ssh r cat", "awk 1", "nl", "vi", "cat /etc/rc.local; cat",
        "ls -l /etc/rc.local && cat", "(cat", "echo 1 2>&1; cat", "/etc/init.d/firewall restart; cat"})
    EXPECT_TRUE(live(std::string(kOpenWrt).append("root@OpenWrt:~# ").append(before).append(printed).append(lines))
                    .starts_with("on, "))
        << before;
  // What is run prints heads of its own.
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# cat /etc/x | sh; sudo ./x.sh\n## tc -s qdisc\n"), "off");
}

TEST(LinuxLive, APromptOfOneSignIsAHeadBehindAScript) {
  const std::string file = kOpenWrt + "root@OpenWrt:~# cat /etc/rc.local\nexit 0\n";
  EXPECT_TRUE(live(file + "> nft list ruleset\n" + kRuleset).starts_with("on, "));
  EXPECT_EQ(live(file + "> /dev/null nft list ruleset\n"), "off");
}

TEST(LinuxLive, AnAnswerThatTellsNoRulesHidesNone) {
  const std::string tables =
      "root@OpenWrt:~# nft -j list tables\n{\"nftables\": [{\"metainfo\": {\"json_schema_version\": 1}}]}\n";
  EXPECT_FALSE(live(kOpenWrt + "root@OpenWrt:~# nft list ruleset\n" + kRuleset + tables).starts_with("off"));
}

TEST(LinuxLive, ARowOfSignsIsAHeadWhereNoCommentSaysIt) {
  const std::string flow =
      "### conntrack -L\nudp 17 100 src=192.0.2.5 dst=198.51.100.9 sport=5060 dport=5060 src=198.51.100.9 "
      "dst=203.0.113.4 sport=5060 dport=5060 [ASSURED] helper=sip use=1\n";
  EXPECT_TRUE(live(kOpenWrt + "root@OpenWrt:~# cat /etc/rc.local\nexit 0\n" + flow).starts_with("partly, "));
  EXPECT_TRUE(live(kOpenWrt + "==> /etc/rc.local <==\nexit 0\n### nft list ruleset\n" + kRuleset).starts_with("on, "));
  EXPECT_EQ(live(kOpenWrt + "==> /etc/rc.local <==\nexit 0\n### cat /proc/sys/net/netfilter/nf_conntrack_helper\n1\n"),
            "unknown, nf_conntrack_helper [cat /proc/sys/net/netfilter/nf_conntrack_helper] unknown @17");
  // What is run prints heads of its own.
  std::string run = kOpenWrt;
  run.replace(run.find("root@OpenWrt:~# cat /etc/config"), Bytes("root@OpenWrt:~# cat ").size(), "### ");
  run.replace(0, Bytes("root@OpenWrt:~# cat ").size(), "### ");
  for (const std::string script : {"./collect.sh\n", "sh /root/report\n", "/root/report\n"})
    EXPECT_EQ(live(std::string("root@OpenWrt:~# ").append(script).append(run)), "off") << script;
}

TEST(LinuxLive, WhatWasTypedIsTakenBack) {
  const std::string prompt = "root@OpenWrt:~# ";
  const std::string rule = "PREROUTING -p udp --dport 5060 -j CT --helper sip\n";
  const std::string added = kOpenWrt + prompt + "iptables -t raw -A " + rule;
  const std::string deleted = prompt + "iptables -t raw -D " + rule;
  const std::string on = "on, CT --helper sip [a part of what runs] on @14";
  const std::string maybe = "unknown, CT --helper sip [a part of what runs] unknown @14";
  EXPECT_EQ(live(added + deleted), maybe);
  EXPECT_EQ(live(added + deleted + "iptables v1.8.8: Permission denied (you must be root)\n"), maybe);
  EXPECT_EQ(live(kOpenWrt + deleted + prompt + "iptables -t raw -A " + rule),
            "on, CT --helper sip [a part of what runs] on @15");
  EXPECT_EQ(live(added + prompt + "iptables -D FORWARD -p tcp -j DROP\n"), on);
  EXPECT_EQ(live(added + "root@ap2:~# iptables -t raw -D " + rule), on);
  const std::string empty = "iptables-save -t raw\n*raw\n:PREROUTING ACCEPT [0:0]\n";
  EXPECT_EQ(live(added + prompt + empty + "COMMIT\n"), "off");
  EXPECT_EQ(live(added + "root@ap2:~# " + empty + "COMMIT\n"), on);
  EXPECT_EQ(live(added + prompt + "iptables-save -t nat\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n"), on);
  EXPECT_EQ(live(added + prompt + empty), on);
  EXPECT_EQ(live(added + prompt + "iptables-save -t raw\n-ash: iptables-save: not found\n"), on);
  EXPECT_EQ(live(added + prompt + "/etc/init.d/firewall restart\n"), on);  // fw4 leaves rules of iptables
}

TEST(LinuxLive, TheLastWholeListingCounts) {
  const std::string prompt = "root@OpenWrt:~# ";
  const std::string asked = prompt + "nft list ruleset\n";
  const std::string before = kOpenWrt + asked + kRuleset;
  const std::string end = prompt + "uptime\n";
  const std::string none = "table inet fw4 {\n" + kHook + "}\n";
  EXPECT_EQ(live(before + asked + none + end), "off");
  EXPECT_EQ(live(before + asked + none), "off");
  EXPECT_EQ(live(before + "root@ap2:~# nft list ruleset\n" + none),
            "on, ct helper sip [table inet fw4 chain h udp 5060] on @21");
  for (const std::string cut : {"", "table inet fw4 {\n", "table inet fw4 {\n--More--\n", "table inet fw4 {\n}\n^C\n",
                                "table inet fw4 {\n\t...\n}\n", "table inet fw4 {\n\tchain x {\n\t}\n^C\n"})
    EXPECT_TRUE(live(std::string(before).append(asked).append(cut).append(end)).starts_with("unknown, ")) << cut;
  EXPECT_TRUE(live(kOpenWrt + prompt + "fw4 restart\n" + asked + kRuleset).starts_with("on, "));
}

TEST(LinuxLive, WhatMayHaveBeenTakenAwayIsUnknown) {
  const std::string prompt = "root@OpenWrt:~# ";
  const std::string part = kOpenWrt + prompt + "nft list ruleset | grep 'ct helper'\n" + kRule;
  const std::string end = prompt + "uptime\n";
  const std::string maybe = "unknown, ct helper sip [a part of what runs] unknown @15";
  EXPECT_EQ(live(part + prompt + "nft list ruleset | grep 'ct helper'\n" + end), maybe);
  EXPECT_EQ(live(part + prompt + "fw4 restart\n" + end), maybe);
  EXPECT_EQ(live(part + "root@ap2:~# fw4 restart\n" + end), "on, ct helper sip [a part of what runs] on @15");
  const std::string whole = kOpenWrt + prompt + "nft list ruleset\n" + kRuleset + prompt;
  for (const std::string restart : {"/etc/init.d/firewall restart\n", "service firewall restart\n", "fw4 reload\n",
                                    "nft flush ruleset\n", "fw4 restart\n-ash: fw4: not found\n",
                                    "fw4 restart\nThe rendered ruleset contains errors, not doing firewall restart.\n"})
    EXPECT_EQ(live(std::string(whole).append(restart).append(end)),
              "unknown, ct helper sip [table inet fw4 chain h udp 5060] unknown @21")
        << restart;
  EXPECT_TRUE(live(whole + "fw4 reload-sets\n" + end).starts_with("on, "));
  const Device device = read(whole + "fw4 restart\n" + end);
  EXPECT_EQ(device.features.back().note, "the text shows it, and later a command that may have taken it away");
}

TEST(LinuxLive, WhatRunsWithoutTheHelperChangesNothing) {
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# nft list ruleset\ntable inet fw4 {\n" + kHook + "}\n"), "off");
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# iptables -S\n-A FORWARD -m helper --helper sip -j ACCEPT\n"), "off");
  EXPECT_EQ(live(kOpenWrt + "root@OpenWrt:~# nft list ruleset | grep helper\n# " + kRule), "off");
}

TEST(LinuxLive, OtherSystemsOnLinuxHaveRulesToo) {
  const std::string asus =
      "productid=RT-AC68U\nfirmver=3.0.0.4\nbuildno=386\nextendno=51722\nlan_ipaddr=192.0.2.1\nwan0_proto=dhcp\n"
      "fw_enable_x=1\nfw_pt_sip=0\n";
  EXPECT_EQ(live(asus), "off");
  EXPECT_EQ(live(asus + "admin@RT-AC68U:/tmp/home/root# iptables-save -t raw\n*raw\n:PREROUTING ACCEPT [0:0]\n" + kRaw +
                 "COMMIT\n"),
            "on, CT --helper sip [raw PREROUTING udp 5060] on @12");
}

/// What is to be done about the last feature.
std::string by_hand(std::string text) {
  const Device device = read(std::move(text));
  return device.features.empty() ? std::string() : device.features.back().edit.by_hand;
}

TEST(LinuxLive, ARestartOfTheFirewallIsAdvisedForItsOwnRulesAlone) {
  const std::string asked = "root@OpenWrt:~# nft list ruleset\n";
  EXPECT_EQ(by_hand(kOpenWrt + asked + kRuleset),
            "the firewall was not restarted since /etc/config/firewall was changed, or that does not say all: "
            "/etc/init.d/firewall restart makes these rules anew by it; nft list ruleset (iptables-save -t raw before "
            "22.03) then shows no helper, or the file that sets it is to be found below /etc");
  EXPECT_EQ(by_hand(kOpenWrt + "root@OpenWrt:~# iptables -t raw -S\n-P PREROUTING ACCEPT\n" + kRaw),
            "the configuration does not make this rule, and /etc/init.d/firewall restart leaves it where it is: find "
            "what sets it, take it out there, and restart the device, or delete the rule in its shell: iptables -t raw "
            "-D PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip");
}

}  // namespace
}  // namespace viaduct::audit
