// SPDX-License-Identifier: GPL-2.0-or-later
// `viaduct audit --this-host` on machines that are made up: what is asked, what is kept, what is said and what is to be
// typed.
#include "audit/this_host.hpp"

#include "audit/audit.hpp"
#include "audit/fix_script.hpp"

#include <gmock/gmock.h>

#include <map>

namespace viaduct::app::audit {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Answer {
  int exit_code = 0;
  std::string output;
  std::string errors{};
};

/// Programs and files by name; what is not named is not there.
struct Recorded {
  std::map<std::string, Answer> programs;
  std::map<std::string, std::string> files;
  std::map<std::string, std::vector<std::string>> folders{};

  [[nodiscard]] Machine machine() const {
    return {.run = [this](const std::vector<std::string>& arguments) -> os::Result<os::ProcessOutcome> {
              std::string line;
              for (const std::string& word : arguments) line += (line.empty() ? "" : " ") + word;
              const auto found = programs.find(line);
              if (found == programs.end()) return os::fail(os::Problem::not_found, "run " + arguments[0]);
              return os::ProcessOutcome{found->second.exit_code, found->second.output, found->second.errors};
            },
            .read = [this](const std::string& path) -> os::Result<std::string> {
              const auto found = files.find(path);
              if (found == files.end()) return os::fail(os::Problem::not_found, "open " + path);
              if (found->second == "(no)") return os::fail(os::Problem::not_permitted, "open " + path);
              return found->second;
            },
            .list =
                [this](const std::string& folder) {
                  const auto found = folders.find(folder);
                  return found == folders.end() ? std::vector<std::string>() : found->second;
                }};
  }
};

[[nodiscard]] viaduct::audit::Audited judged(const std::string& text) {
  static const viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  static const viaduct::audit::Recogniser recogniser(catalogue);
  return viaduct::audit::audit("this host", text, catalogue, recogniser);
}

/// State, features, problems.
[[nodiscard]] std::string said(const std::string& text) {
  const viaduct::audit::Audited one = judged(text);
  std::string shown = one.device.product + " " + std::string(name(one.device.sip)) + "\n";
  for (const viaduct::audit::Feature& feature : one.device.features)
    shown += feature.name + " [" + feature.scope + "] " + std::string(name(feature.state)) + "\n";
  for (const std::string& problem : one.device.problems) shown += problem + "\n";
  return shown;
}

/// What a script changes, and what rolls it back.
[[nodiscard]] std::string typed(const std::string& text) {
  static const viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  const std::string script = fix_script(judged(text), catalogue, false);
  const auto part = [&](const char* head) {
    const std::size_t at = script.find(head);
    if (at == std::string::npos) return std::string();
    const std::size_t begin = script.find('\n', at) + 1;
    return script.substr(begin, std::min(script.find("\n\n", begin), script.size()) - begin);
  };
  return part("--- change: switch off") + "\n-- undo\n" + part("--- roll back");
}

constexpr const char* kListing =
    "table inet alg { # handle 1\n"
    "\tct helper sip4 { # handle 3\n\t\ttype \"sip\" protocol udp\n\t\tl3proto ip\n\t}\n\n"
    "\tchain prerouting { # handle 1\n"
    "\t\ttype filter hook prerouting priority filter; policy accept;\n"
    "\t\tudp dport 4000 counter packets 0 bytes 0 # handle 5\n"
    "\t\tudp dport 5060 ct helper set \"sip4\" # handle 6\n"
    "\t\tudp dport 5070 ct helper set \"sip4\" accept comment \"it's $(x)\" # handle 7\n"
    "\t}\n}\n";
constexpr const char* kJson =
    R"({"nftables": [{"metainfo": {"version": "1.0.6"}}, {"table": {"family": "inet", "name": "alg", "handle": 1}},)"
    R"( {"ct helper": {"family": "inet", "name": "sip4", "table": "alg", "handle": 3, "type": "sip", "protocol": "udp", "l3proto": "ip"}},)"
    R"( {"chain": {"family": "inet", "table": "alg", "name": "prerouting", "handle": 1, "type": "filter", "hook": "prerouting", "prio": 0}},)"
    R"( {"rule": {"family": "inet", "table": "alg", "chain": "prerouting", "handle": 5, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 4000}}, {"counter": {"packets": 0, "bytes": 0}}]}},)"
    R"( {"rule": {"family": "inet", "table": "alg", "chain": "prerouting", "handle": 6, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 5060}}, {"ct helper": "sip4"}]}},)"
    R"json( {"rule": {"family": "inet", "table": "alg", "chain": "prerouting", "handle": 7, "comment": "it's $(x)", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 5070}}, {"ct helper": "sip4"}, {"accept": null}]}}]})json";
constexpr const char* kFlow =
    "ipv4     2 udp      17 3599 src=192.168.1.10 dst=198.51.100.10 sport=5060 dport=5060 src=198.51.100.10 "
    "dst=203.0.113.2 sport=5060 dport=5060 [ASSURED] mark=0 helper=sip use=1\n";

[[nodiscard]] Recorded router() {
  return {
      .programs = {{"nft -j list ruleset", {0, kJson}},
                   {"nft -a list ruleset", {0, kListing}},
                   {"iptables-nft-save", {0, ""}},
                   {"ip6tables-nft-save", {0, ""}},
                   {"conntrack -L -o extended -f ipv4",
                    {0, std::string("ipv4     2 udp      17 20 src=1.2.3.4 dst=1.2.3.5 sport=1 dport=2\n") + kFlow}},
                   {"conntrack -L -o extended -f ipv6", {0, ""}},
                   {"tc -j qdisc show",
                    {0, R"([{"kind":"cake","dev":"wan0","root":true,"options":{"diffserv":"diffserv4"}}])"}}},
      .files = {{"/proc/sys/kernel/hostname", "r1\n"},
                {"/proc/sys/kernel/osrelease", "6.18.0-1-amd64\n"},
                {"/proc/sys/net/netfilter/nf_conntrack_count", "2\n"},
                {"/proc/sys/net/netfilter/nf_conntrack_udp_timeout", "30\n"},
                {"/proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream", "60\n"},
                {"/proc/modules", "nf_tables 300000 1 - Live 0x0\nnf_conntrack_sip 40960 1 - Live 0x0\n"},
                {"/etc/nftables.conf", "# sip helper\nudp dport 5060 ct helper set \"sip4\"\n"}}};
}

TEST(ThisHost, WhatItAnswersIsOneText) {
  Recorded host = router();
  host.programs["nft -j list ruleset"] = {
      0,
      R"({"nftables": [{"metainfo": {"version": "1.0.6"}}, {"table": {"family": "inet", "name": "alg", "handle": 1}}]})"};
  host.programs["nft -a list ruleset"] = {0, "table inet alg { # handle 1\n}\n"};
  const Transcript told = ask(host.machine());
  EXPECT_TRUE(told.anything);
  EXPECT_EQ(told.text,
            "==> viaduct audit --this-host <==\n"
            "> uname -a\nLinux r1 6.18.0-1-amd64\n"
            "==> sysctl: /proc/sys/net/netfilter <==\n"
            "net.netfilter.nf_conntrack_udp_timeout = 30\nnet.netfilter.nf_conntrack_udp_timeout_stream = 60\n"
            "==> /proc/modules <==\nnf_conntrack_sip 40960 1 - Live 0x0\n"
            "> nft -j list ruleset\n{\"nftables\": [\n{\"metainfo\":{\"version\":\"1.0.6\"}},\n"
            "{\"table\":{\"family\":\"inet\",\"name\":\"alg\",\"handle\":1}}\n]}\n"
            "> nft -a list ruleset\ntable inet alg { # handle 1\n}\n"
            "> iptables-nft-save\n> ip6tables-nft-save\n"
            "> conntrack -L -o extended -f ipv4\n" +
                std::string(kFlow) +
                "> conntrack -L -o extended -f ipv6\n"
                "> tc -j qdisc "
                "show\n[{\"kind\":\"cake\",\"dev\":\"wan0\",\"root\":true,\"options\":{\"diffserv\":\"diffserv4\"}}]\n"
                "==> kept in files <==\n/etc/nftables.conf:2: udp dport 5060 ct helper set \"sip4\"\n");
}

TEST(ThisHost, RulesAndFlowsThatHaveTheHelperAreOn) {
  EXPECT_EQ(said(ask(router().machine()).text),
            "linux-netfilter on\n"
            "ct helper sip [table inet alg chain prerouting udp 5060] on\n"
            "ct helper sip [table inet alg chain prerouting udp 5070] on\n"
            "CT --helper sip [global] off\n"
            "CT --helper sip [IPv6] off\n"
            "conntrack entry helper=sip [192.168.1.10 to 198.51.100.10 udp 5060] on\n");
}

TEST(ThisHost, TheFixIsOfTheseRulesAndFlowsAndNoOthers) {
  EXPECT_EQ(typed(ask(router().machine()).text),
            "nft delete rule inet alg prerouting handle 6\n"
            "nft replace rule inet alg prerouting handle 7 'udp dport 5070 accept comment \"it'\\''s $(x)\"'\n"
            "nft delete ct helper inet alg sip4\n"
            "conntrack -D -f ipv4 -p udp -s 192.168.1.10 -d 198.51.100.10 --sport 5060 --dport 5060\n"
            "conntrack -D -f ipv4 -p udp --dport 5060\n"
            "conntrack -D -f ipv6 -p udp --dport 5060\n"
            "conntrack -D -f ipv4 -p udp --dport 5070\n"
            "conntrack -D -f ipv6 -p udp --dport 5070\n"
            "test -e /etc/nftables.conf.before-viaduct || cp -p /etc/nftables.conf /etc/nftables.conf.before-viaduct\n"
            "sed -i '2{/helper/s/^/# /}' /etc/nftables.conf\n"
            "-- undo\n"
            "# rm -f /etc/sysctl.d/90-voip-udp.conf\n"
            "# sysctl -w net.netfilter.nf_conntrack_udp_timeout=30\n"
            "# sysctl -w net.netfilter.nf_conntrack_udp_timeout_stream=60\n"
            "# mv /etc/nftables.conf.before-viaduct /etc/nftables.conf\n"
            "# nft add ct helper inet alg sip4 '{ type \"sip\" protocol udp; l3proto ip; }'\n"
            "# nft replace rule inet alg prerouting handle $(nft -a list chain inet alg prerouting | sed -n 's/.* # "
            "handle \\([0-9]*\\)/\\1/p' | sed -n 3p) 'udp dport 5070 ct helper set \"sip4\" accept comment \"it'\\''s "
            "$(x)\"'\n"
            "# nft add rule inet alg prerouting handle 5 'udp dport 5060 ct helper set \"sip4\"'\n");
}

TEST(ThisHost, WithoutJsonTheListingSaysTheSame) {
  Recorded host = router();
  const Transcript both = ask(host.machine());
  host.programs["nft -j list ruleset"] = {1, "", "Error: JSON support not compiled-in\n"};
  const Transcript plain = ask(host.machine());
  EXPECT_EQ(said(plain.text), said(both.text));
  EXPECT_EQ(typed(plain.text), typed(both.text));
}

TEST(ThisHost, WhatIsKeptSaysTheSameInTheSameLines) {
  const std::string told = ask(router().machine()).text;
  const std::string kept = to_keep(told);
  EXPECT_THAT(kept, Not(HasSubstr("nft -j")));
  EXPECT_EQ(said(kept), said(told));
  EXPECT_EQ(judged(kept).device.features[0].origin.line, judged(told).device.features[0].origin.line);
}

TEST(ThisHost, WhoIsNotRootIsToldWhatWasNotRead) {
  const Answer refused{1, "", "Operation not permitted (you must be root)\nmore\n"};
  Recorded host = router();
  host.programs = {{"nft -j list ruleset", refused},
                   {"nft -a list ruleset", refused},
                   {"iptables-nft-save", {4, "", "Permission denied (you must be root)\n"}},
                   {"ip6tables-nft-save", {4, "", "Permission denied (you must be root)\n"}},
                   {"conntrack -L -o extended -f ipv4", {1, "", "sorry, you must be root\n"}}};
  host.files["/proc/net/ip_tables_names"] = "(no)";
  host.files.erase("/etc/nftables.conf");
  EXPECT_EQ(said(ask(host.machine()).text),
            "linux-netfilter unknown\n"
            "not read: nft list ruleset: exit code 1: Operation not permitted (you must be root)\n"
            "not read: iptables-save: exit code 4: Permission denied (you must be root)\n"
            "not read: /proc/net/ip_tables_names: open /proc/net/ip_tables_names: permission denied\n"
            "not read: ip6tables-save: exit code 4: Permission denied (you must be root)\n"
            "not read: conntrack -L -f ipv4: exit code 1: sorry, you must be root\n"
            "not read: conntrack -L -f ipv6: not installed\n"
            "not read: tc qdisc show: not installed\n");
}

TEST(ThisHost, AMissingToolLeavesItOpenUnlessThereIsNothingToSee) {
  Recorded host = router();
  host.programs = {{"iptables-save", {0, "*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n"}}, {"tc -j qdisc show", {0, "[]"}}};
  host.files["/proc/modules"] = "ip_tables 1 0 - Live 0x0\n";
  host.files["/proc/sys/net/netfilter/nf_conntrack_count"] = "0\n";
  host.files["/proc/net/ip_tables_names"] = "raw\n";
  EXPECT_THAT(said(ask(host.machine()).text), HasSubstr("linux-netfilter unknown\n"));
  host.files["/lib/modules/6.18.0-1-amd64/modules.builtin"] = "kernel/net/ipv4/netfilter/ip_tables.ko\n";
  EXPECT_EQ(said(ask(host.machine()).text), "linux-netfilter off\nCT --helper sip [global] off\n");
}

TEST(ThisHost, OldKernelsAssignByThemselves) {
  Recorded host = router();
  host.programs.erase("nft -j list ruleset");
  host.programs.erase("nft -a list ruleset");
  host.programs["iptables-nft-save"] = {0,
                                        "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m multiport --dports "
                                        "5060,5062 -j CT --helper sip\nCOMMIT\n"};
  host.programs["conntrack -L -o extended -f ipv4"] = {0, ""};
  host.files["/proc/sys/kernel/osrelease"] = "4.9.0-13-amd64\n";
  host.files["/proc/sys/net/netfilter/nf_conntrack_helper"] = "1\n";
  host.files["/sys/module/nf_conntrack_sip/parameters/ports"] = "5060,5080\n";
  EXPECT_EQ(typed(ask(host.machine()).text),
            "sysctl -w net.netfilter.nf_conntrack_helper=0\n"
            "echo net.netfilter.nf_conntrack_helper=0 > /etc/sysctl.d/zz-no-sip-alg.conf\n"
            "iptables-nft -t raw -D PREROUTING -p tcp -m multiport --dports 5060,5062 -j CT --helper sip\n"
            "conntrack -D -f ipv4 -p tcp --dport 5060\nconntrack -D -f ipv6 -p tcp --dport 5060\n"
            "conntrack -D -f ipv4 -p tcp --dport 5062\nconntrack -D -f ipv6 -p tcp --dport 5062\n"
            "conntrack -D -f ipv4 -p tcp --dport 5080\nconntrack -D -f ipv6 -p tcp --dport 5080\n"
            "conntrack -D -f ipv4 -p udp --dport 5060\nconntrack -D -f ipv6 -p udp --dport 5060\n"
            "conntrack -D -f ipv4 -p udp --dport 5080\nconntrack -D -f ipv6 -p udp --dport 5080\n"
            "test -e /etc/nftables.conf.before-viaduct || cp -p /etc/nftables.conf /etc/nftables.conf.before-viaduct\n"
            "sed -i '2{/helper/s/^/# /}' /etc/nftables.conf\n"
            "# by hand: nf_conntrack_sip (global): only when no file of rules names the helper any more: without its "
            "module nft -f and iptables-restore refuse such a file as a whole. Then: modprobe -r nf_nat_sip "
            "nf_conntrack_sip, and "
            "install nf_conntrack_sip /bin/false in /etc/modprobe.d\n"
            "-- undo\n"
            "# rm -f /etc/sysctl.d/90-voip-udp.conf\n"
            "# sysctl -w net.netfilter.nf_conntrack_udp_timeout=30\n"
            "# sysctl -w net.netfilter.nf_conntrack_udp_timeout_stream=60\n"
            "# mv /etc/nftables.conf.before-viaduct /etc/nftables.conf\n"
            "# iptables-nft -t raw -I PREROUTING 1 -p tcp -m multiport --dports 5060,5062 -j CT --helper sip\n"
            "# rm -f /etc/sysctl.d/zz-no-sip-alg.conf\n"
            "# sysctl -w net.netfilter.nf_conntrack_helper=1\n"
            "# by hand: what was changed by hand is brought back by hand, as the backup has it\n");
}

TEST(ThisHost, ANameWithAQuoteStaysOneWordOfTheShell) {
  Recorded host = router();
  host.programs.erase("nft -j list ruleset");
  host.programs.erase("nft -a list ruleset");
  host.programs["iptables-nft-save"] = {0,
                                        "*raw\n-A PREROUTING -p udp --dport 5060 -m comment --comment \"'; reboot; "
                                        "\\\"$(x)\" -j CT --helper sip\nCOMMIT\n"};
  EXPECT_THAT(typed(ask(host.machine()).text), HasSubstr("--comment ''\\''; reboot; \"$(x)' -j CT --helper sip\n"));
}

TEST(ThisHost, APolicyOfNfctThatARuleSetsIsATimer) {
  Recorded host = router();
  host.programs["iptables-nft-save"] = {
      0, "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp --dport 5060 -j CT --timeout voip\nCOMMIT\n"};
  host.programs["nfct list timeout"] = {
      0,
      ".voip = {\n\t.l3proto = 2,\n\t.l4proto = 17,\n\t.policy = {\n\t\t.UNREPLIED = 20,\n\t\t.REPLIED = "
      "90,\n\t},\n};\n.other = {\n\t.policy = {\n\t\t.REPLIED = 9,\n\t},\n};\n"};
  std::string timers;
  for (const viaduct::audit::Timer& timer : judged(ask(host.machine()).text).device.timers)
    timers += timer.name + " [" + timer.scope + "] " + std::string(name(timer.applies)) + " " +
              std::to_string(timer.seconds) + "\n";
  EXPECT_THAT(timers, HasSubstr("nfct timeout voip unreplied [udp 5060] udp-unreplied 20\nnfct timeout voip replied "
                                "[udp 5060] udp-stream 90\n"));
}

TEST(ThisHost, AFileWithoutHandlesHasThemAskedFor) {
  const std::string file =
      "table inet f {\n ct helper s {\n  type \"sip\" protocol udp\n }\n chain p {\n  type filter hook prerouting "
      "priority filter;\n"
      "  udp dport 5060 ct helper set \"s\"\n }\n}\n";
  EXPECT_EQ(typed(file),
            "nft -a list chain inet f p | sed -n 's/.*ct helper set \"s\".* # handle \\([0-9]*\\)/delete rule inet f p "
            "handle \\1/p' | nft -f -\n"
            "conntrack -D -f ipv4 -p udp --dport 5060\n"
            "conntrack -D -f ipv6 -p udp --dport 5060\n"
            "# so that it stays: the commands above change the rules that run; take the same rules out of the file "
            "that this text comes from, and of what "
            "nft loads when the machine starts (/etc/nftables.conf, /etc/nftables/, /etc/sysconfig/nftables.conf): "
            "grep -rn 'ct helper' /etc/nft* "
            "/etc/sysconfig/nftables.conf\n"
            "-- undo\n"
            "# nft insert rule inet f p 'udp dport 5060 ct helper set \"s\"'\n");
}

TEST(ThisHost, FilesAreEditedWhereALineIsAStatementAndElseItIsSaidWhyNot) {
  Recorded host = router();
  host.files["/etc/nftables.conf"] =
      "a\nct helper sip4 { type \"sip\" protocol udp; }\nudp dport 5060 ct helper set \"sip4\"\nudp dport 5070 ct "
      "helper set \"sip4\"\n";
  host.files["/etc/rc.local"] = "iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip\n";
  const std::string said = typed(ask(host.machine()).text);
  EXPECT_THAT(said, HasSubstr("# so that it stays: take it out of /etc/nftables.conf:2: ct helper sip4 { type \"sip\" "
                              "protocol udp; } (by hand: the line opens or ends a block, or is more than one "
                              "statement)\ntest -e /etc/nftables.conf.before-viaduct || cp -p /etc/nftables.conf "
                              "/etc/nftables.conf.before-viaduct\nsed -i '3{/helper/s/^/# /}' /etc/nftables.conf\n"
                              "sed -i '4{/helper/s/^/# /}' /etc/nftables.conf\n"));
  host.files["/etc/nftables.conf"] = "udp dport 5070 ct helper set \"sip4\" accept\n";
  EXPECT_THAT(typed(ask(host.machine()).text), HasSubstr("accept (by hand: the rule does more than set the helper)\n"));
  host.files["/etc/nftables.conf"] = "udp dport 5060 ct helper set \"sip4\" ip dscp set ef\n";
  host.files["/etc/iptables/rules.v4"] =
      "-A PREROUTING -p udp --dport 5060 -j CT --helper sip --zone 5\n-A PREROUTING -p udp --dport 5060 -j CT --helper "
      "sip\n";
  const std::string more = typed(ask(host.machine()).text);
  EXPECT_THAT(more, HasSubstr("ip dscp set ef (by hand: the rule does more than set the helper)\n"));
  EXPECT_THAT(more, HasSubstr("--helper sip --zone 5 (by hand: the rule does more than set the helper)\n"));
  EXPECT_THAT(more, HasSubstr("\nsed -i '2{/helper/s/^/# /}' /etc/iptables/rules.v4\n"));
  EXPECT_THAT(said, HasSubstr("-j CT --helper sip (by hand: a script or a file of another form: what stands around the "
                              "line decides how)\n"));
  EXPECT_THAT(said, HasSubstr("# mv /etc/nftables.conf.before-viaduct /etc/nftables.conf\n"));
}

TEST(ThisHost, AFileOfThisMachineIsEditedItselfAndACopyElsewhereIsNot) {
  static const viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  static const viaduct::audit::Recogniser recogniser(catalogue);
  const std::string file =
      "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp --dport 5060 -j CT --helper sip\nCOMMIT\n";
  const auto script = [&](const char* name) {
    return fix_script(viaduct::audit::audit(name, file, catalogue, recogniser), catalogue, false);
  };
  EXPECT_THAT(script("/etc/iptables/rules.v4"),
              HasSubstr("\ntest -e /etc/iptables/rules.v4.before-viaduct || cp -p /etc/iptables/rules.v4 "
                        "/etc/iptables/rules.v4.before-viaduct\nsed -i '3{/helper/s/^/# /}' /etc/iptables/rules.v4\n"));
  EXPECT_THAT(script("site7/etc/iptables/rules.v4"), Not(HasSubstr("sed -i")));
  EXPECT_THAT(script("site7/etc/iptables/rules.v4"),
              HasSubstr("# so that it stays: the commands above change the rules that run; take the same rules out of "
                        "what loads them"));
}

TEST(ThisHost, AFileThatATextHoldsUnderItsNameIsEdited) {
  const std::string said = typed(
      "==> /etc/hostname <==\ngw1\n==> /etc/iptables/rules.v4 <==\n*raw\n:PREROUTING ACCEPT [0:0]\n"
      "-A PREROUTING -p udp --dport 5060 -j CT --helper sip\nCOMMIT\n");
  EXPECT_THAT(said, HasSubstr("\ntest -e /etc/iptables/rules.v4.before-viaduct || cp -p /etc/iptables/rules.v4 "
                              "/etc/iptables/rules.v4.before-viaduct\n"
                              "sed -i '3{/helper/s/^/# /}' /etc/iptables/rules.v4\n"));
}

TEST(ThisHost, AMachineThatSaysNothingIsNoMachine) {
  EXPECT_FALSE(ask(Recorded{}.machine()).anything);
}

}  // namespace
}  // namespace viaduct::app::audit
