// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/tree_text_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit::syntax {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Indented, LinesThatStandDeeperBelongToTheLineAbove) {
  EXPECT_EQ(tree_of(indented,
                    "! a comment\n"
                    "policy-map global_policy\n"
                    " class inspection_default\n"
                    "  inspect sip\n"
                    "  inspect ftp\n"
                    "service-policy global_policy global\n"),
            "policy-map 2\n"
            "  global_policy 2\n"
            "    class 3\n"
            "      inspection_default 3\n"
            "        inspect 5\n"
            "          sip 4\n"
            "          ftp 5\n"
            "service-policy 6\n"
            "  global_policy 6\n"
            "    global 6\n");
}

TEST(Indented, BannersAndCertificatesAreNoSettings) {
  EXPECT_EQ(tree_of(indented,
                    "banner motd ^C\n"
                    "no ip nat service sip udp port 5060\n"
                    "^C\n"
                    "crypto pki\n"
                    " certificate self-signed 01\n"
                    "  30820\n"
                    "  quit\n"
                    "end\n"),
            "crypto 4\n"
            "  pki 4\n"
            "end 8\n");
}

TEST(Indented, ABannerOfLinesHidesNothing) {
  const Text text = Text::read("a", "banner motd (c) us\nnat (inside) 1\n");
  Tree tree;
  indented(text, tree, Banners::lines);
  std::string shown;
  show(tree.root(), 0, shown);
  EXPECT_EQ(shown,
            "nat 2\n"
            "  (inside) 2\n"
            "    1 2\n");
}

TEST(Indented, AHashAloneEndsABlock) {
  EXPECT_EQ(tree_of(indented, "sysname r1\n#\n nat alg sip enable\n#\ninterface GE0\n # no end\n zone trust\n"),
            "sysname 1\n"
            "  r1 1\n"
            "nat 3\n"
            "  alg 3\n"
            "    sip 3\n"
            "      enable 3\n"
            "interface 5\n"
            "  GE0 5\n"
            "    zone 7\n"
            "      trust 7\n");
}

TEST(Indented, PromptsAreLeftOut) {
  EXPECT_EQ(tree_of(indented, "[V200R010C10]\n[r1]nat alg\n<r1> display\n"),
            "[V200R010C10] 1\n"
            "nat 2\n"
            "  alg 2\n"
            "display 3\n");
}

TEST(Indented, AStatementThatGoesOnIsNotOneThatEnds) {
  const Text text = Text::read("a", "detect sip tcp\ninspect sip\ninspect sip tcp\n");
  Tree tree;
  indented(text, tree);
  EXPECT_EQ(tree.root().at({"detect", "sip"}).ended(), 0U);
  EXPECT_EQ(tree.root().at({"inspect", "sip"}).ended(), 2U);
}

TEST(Indented, ABannerThatNeverEndsHidesNothing) {
  EXPECT_EQ(tree_of(indented, "banner motd ^C\nip cef\n"), "ip 2\n  cef 2\n");
}

constexpr Bytes kSipOff =
    "security 2\n"
    "  alg 2\n"
    "    sip 2\n"
    "      disable 2\n";

TEST(Braces, AndSetLinesMakeTheSameTree) {
  EXPECT_EQ(tree_of(braces, "\nsecurity { alg { sip { disable; } } }\n"), kSipOff);
  EXPECT_EQ(tree_of(braces, "\nsecurity { alg { sip disable; } }\n"), kSipOff);
  EXPECT_EQ(tree_of(set_lines, "\nset security alg sip disable\n"), kSipOff);
}

TEST(Braces, StatementsEndWithTheLineToo) {
  EXPECT_EQ(tree_of(braces,
                    "system {\n"
                    "    conntrack {\n"
                    "        modules {\n"
                    "            sip {\n"
                    "                disable\n"
                    "            }\n"
                    "        }\n"
                    "        timeout {\n"
                    "            udp {\n"
                    "                stream 180\n"
                    "            }\n"
                    "        }\n"
                    "    }\n"
                    "    host-name \"a b\"\n"
                    "}\n"
                    "/* === vyatta-config-version: \"conntrack@1\" === */\n"),
            "system 1\n"
            "  conntrack 2\n"
            "    modules 3\n"
            "      sip 4\n"
            "        disable 5\n"
            "    timeout 8\n"
            "      udp 9\n"
            "        stream 10\n"
            "          180 10\n"
            "  host-name 14\n"
            "    a b 14\n");
}

TEST(Braces, InactiveIsOfTheStatementThatItStandsBefore) {
  EXPECT_EQ(tree_of(braces, "security { inactive: alg { sip disable; } flow { x; } }\n"),
            "security 1\n"
            "  alg 1 inactive\n"
            "    sip 1 inactive\n"
            "      disable 1 inactive\n"
            "  flow 1\n"
            "    x 1\n");
}

TEST(Braces, ListsAreSeveralValues) {
  EXPECT_EQ(tree_of(braces, "a { from [ b\nc ]; d; }\n"), "a 1\n  from 1\n    b 1\n    c 2\n  d 2\n");
}

TEST(Braces, SaysWhatIsCutOff) {
  EXPECT_THAT(problems_of(braces, "a {\n b;\n"),
              ElementsAre("line 2: the end, with a brace still open: the rest is missing"));
  EXPECT_THAT(problems_of(braces, "a; }\n"), ElementsAre("line 1: a closing brace too many"));
  EXPECT_THAT(problems_of(braces, "a \"b\n"), ElementsAre("line 1: a quote that does not end"));
  EXPECT_THAT(problems_of(braces, "/* a\n"), ElementsAre("line 1: a comment that does not end"));
  EXPECT_THAT(problems_of(braces, "a { b; }\n"), IsEmpty());
}

TEST(SetLines, DeleteAndDeactivateActOnWhatIsThere) {
  EXPECT_EQ(tree_of(set_lines,
                    "set security alg sip disable\n"
                    "delete security alg sip disable\n"
                    "set security alg h323\n"
                    "deactivate security alg h323\n"
                    "set from [ a b ]\n"),
            "security 4\n"
            "  alg 4\n"
            "    sip 1\n"
            "    h323 4 inactive\n"
            "from 5\n"
            "  a 5\n"
            "  b 5\n");
}

TEST(FortiOs, BlocksEditsAndValues) {
  EXPECT_EQ(tree_of(fortios,
                    "#config-version=FGT60F-7.4.7\n"
                    "config system session-helper\n"
                    "    edit 13\n"
                    "        set name sip\n"
                    "        set port 5060\n"
                    "    next\n"
                    "end\n"
                    "config firewall policy\n"
                    "    edit 1\n"
                    "        set srcintf \"lan\" \"dmz\"\n"
                    "        set comments \"two\n"
                    "lines\"\n"
                    "        set nat enable\n"
                    "    next\n"
                    "end\n"),
            "system 2\n"
            "  session-helper 2\n"
            "    13 3\n"
            "      name 4\n"
            "        sip 4\n"
            "      port 5\n"
            "        5060 5\n"
            "firewall 8\n"
            "  policy 8\n"
            "    1 9\n"
            "      srcintf 10\n"
            "        lan 10\n"
            "        dmz 10\n"
            "      comments 11\n"
            "        two\nlines 11\n"
            "      nat 13\n"
            "        enable 13\n");
}

TEST(FortiOs, DeleteTakesAnEntryAway) {
  EXPECT_EQ(tree_of(fortios, "config system session-helper\nedit 13\nset name sip\nnext\ndelete 13\nend\n"),
            "system 1\n  session-helper 1\n");
}

TEST(FortiOs, SaysWhatIsCutOff) {
  EXPECT_THAT(problems_of(fortios, "config system global\nset a b\n"),
              ElementsAre("line 2: the end, within a block: the rest is missing"));
  EXPECT_THAT(problems_of(fortios, "end\n"), ElementsAre("line 1: an 'end' too many"));
  EXPECT_THAT(problems_of(fortios, "next\n"), ElementsAre("line 1: a 'next' too many"));
}

TEST(RouterOs, CommandsStandUnderTheirMenuInOrder) {
  EXPECT_EQ(tree_of(routeros,
                    "# 2026-01-02 by RouterOS 7.15.2\n"
                    "/ip firewall service-port\n"
                    "set ftp disabled=yes\n"
                    "set [ find name=sip ] \\\n"
                    "    disabled=yes ports=5060,5061\n"
                    "/ip/firewall/filter add chain=forward comment=\"a b\" action=accept\n"),
            "ip 6\n"
            "  firewall 6\n"
            "    service-port 2\n"
            "      set 3\n"
            "        ftp 3\n"
            "        disabled 3\n"
            "          yes 3\n"
            "      set 4\n"
            "        [ find name=sip ] 4\n"
            "        disabled 5\n"
            "          yes 5\n"
            "        ports 5\n"
            "          5060,5061 5\n"
            "    filter 6\n"
            "      add 6\n"
            "        chain 6\n"
            "          forward 6\n"
            "        comment 6\n"
            "          a b 6\n"
            "        action 6\n"
            "          accept 6\n");
}

TEST(Uci, FilesAndWhatUciShows) {
  EXPECT_EQ(tree_of(uci,
                    "package firewall\n"
                    "config defaults\n"
                    "\toption auto_helper '0'\n"
                    "config zone 'wan'\n"
                    "\tlist network 'wan'\n"
                    "\tlist network 'wan6'\n"),
            "firewall 1\n"
            "  defaults 2\n"
            "    @type 2\n"
            "      defaults 2\n"
            "    auto_helper 3\n"
            "      0 3\n"
            "  wan 4\n"
            "    @type 4\n"
            "      zone 4\n"
            "    network 6\n"
            "      wan 5\n"
            "      wan6 6\n");
  EXPECT_EQ(tree_of(uci,
                    "firewall.@defaults[0]=defaults\n"
                    "firewall.@defaults[0].auto_helper='0'\n"
                    "firewall.wan.network='wan' 'wan6'\n"),
            "firewall 3\n"
            "  @defaults[0] 2\n"
            "    @type 1\n"
            "      defaults 1\n"
            "    auto_helper 2\n"
            "      0 2\n"
            "  wan 3\n"
            "    network 3\n"
            "      wan 3\n"
            "      wan6 3\n");
}

TEST(Xml, EntriesAndMembersAreWhatTheyName) {
  EXPECT_EQ(tree_of(xml,
                    "<config version=\"11.0.0\">\n"
                    "  <shared>\n"
                    "    <alg-override><application>\n"
                    "      <entry name=\"sip\"><alg-disabled>yes</alg-disabled></entry>\n"
                    "    </application></alg-override>\n"
                    "    <from><member>a</member><member>b</member></from>\n"
                    "  </shared>\n"
                    "</config>\n"),
            "config 1\n"
            "  @version 1\n"
            "    11.0.0 1\n"
            "  shared 2\n"
            "    alg-override 3\n"
            "      application 3\n"
            "        sip 4\n"
            "          alg-disabled 4\n"
            "            yes 4\n"
            "    from 6\n"
            "      a 6\n"
            "      b 6\n");
}

TEST(Xml, WhatIsReadBeforeABreakCounts) {
  EXPECT_EQ(tree_of(xml, "<pfsense>\n<a>1</a>\n<b"), "pfsense 1\n  a 2\n    1 2\n  b 3\n");
  EXPECT_THAT(problems_of(xml, "<pfsense>\n<a>1</a>\n<b"),
              ElementsAre("line 3: the XML ends in the middle of an element"));
}

TEST(Hierarchy, IsWhatTheFirstLineCanBeOnly) {
  constexpr Bytes kModule = "system 3\n  conntrack 3\n    modules 3\n      sip 3\n";
  EXPECT_EQ(tree_of(hierarchy, "# set a b\nvyos@r1:~$ show configuration commands\nset system conntrack modules sip\n"),
            kModule);
  EXPECT_EQ(tree_of(hierarchy, "// set a b\n/* a { */\nsystem { conntrack { modules { sip } } }\n"), kModule);
  EXPECT_EQ(tree_of(hierarchy, "\n\n{ \"system\": {\"conntrack\": {\"modules\": \"sip\"}}}\n"), kModule);
  // Neither a route map of VyOS nor how a node of a cluster greets.
  EXPECT_EQ(tree_of(hierarchy, "rule 10 {\n  set {\n    metric 5\n  }\n}\n"),
            "rule 1\n  10 1\n    set 2\n      metric 3\n        5 3\n");
  EXPECT_EQ(tree_of(hierarchy, "{primary:node0}\n\nset system conntrack modules sip\n"), kModule);
}

TEST(Json, KeysAndValuesWithTheirLines) {
  EXPECT_EQ(tree_of(json,
                    "{\n"
                    "  \"system\": {\n"
                    "    \"conntrack\": {\"modules\": {\"sip\": {\"disable\": \"''\"}}}\n"
                    "  },\n"
                    "  \"list\": [\n"
                    "    \"a\",\n"
                    "    {\"b\": 1},\n"
                    "    {\"b\": 2}\n"
                    "  ]\n"
                    "}\n"),
            "system 2\n"
            "  conntrack 3\n"
            "    modules 3\n"
            "      sip 3\n"
            "        disable 3\n"
            "          '' 3\n"
            "list 5\n"
            "  a 6\n"
            "  [] 7\n"
            "    b 7\n"
            "      1 7\n"
            "  [] 8\n"
            "    b 8\n"
            "      2 8\n");
}

TEST(Json, WhatIsReadBeforeABreakCounts) {
  EXPECT_EQ(tree_of(json, "{\"a\": 1,\n\"b\": {"), "a 1\n  1 1\nb 2\n");
  EXPECT_THAT(problems_of(json, "{\"a\": 1,\n\"b\": {"), ElementsAre("line 2: the JSON ends in the middle of a value"));
}

TEST(Json, SaysWhereItIsTooDeep) {
  EXPECT_THAT(problems_of(json, std::string(1000, '[')), ElementsAre("line 1: the JSON is nested too deeply"));
}

TEST(Keys, TheLastLineOfAKeyCounts) {
  EXPECT_EQ(tree_of(keys,
                    "# comment\n"
                    "net.netfilter.nf_conntrack_udp_timeout = 30\n"
                    "net.netfilter.nf_conntrack_udp_timeout=60\n"
                    "install nf_nat_sip /bin/true\n"),
            "net.netfilter.nf_conntrack_udp_timeout 3\n"
            "  60 3\n"
            "install 4\n"
            "  nf_nat_sip 4\n"
            "    /bin/true 4\n");
}

TEST(Keys, ALineOfNvramSetIsTheKeyThatItSets) {
  EXPECT_EQ(tree_of(keys, "nvram set nf_sip='1'\n"),
            "nf_sip 1\n"
            "  1 1\n");
  EXPECT_EQ(tree_of(keys,
                    "nvram set 'nf_sip=1'\n"
                    "nvram set 'nf_rtsp=1'\n"
                    "nvram set nf_h323='0'\n"
                    "nvram unset nf_rtsp\n"),
            "nf_sip 1\n"
            "  1 1\n"
            "nf_h323 3\n"
            "  0 3\n");
}

}  // namespace
}  // namespace viaduct::audit::syntax
