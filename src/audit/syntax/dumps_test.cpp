// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/tree_text_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit::syntax {
namespace {

using testing::ElementsAre;

TEST(Nft, TablesChainsAndRulesWithTheirSets) {
  EXPECT_EQ(tree_of(nft,
                    "table inet f { # of voice\n"
                    "\tct helper s {\n"
                    "\t\ttype \"sip\"; l3proto inet\n"
                    "\t}\n"
                    "\tchain pre {\n"
                    "\t\ttype filter hook prerouting priority dstnat + 10;\n"
                    "\t\tct helper set udp dport map { 69 : \"t\", \\\n"
                    "\t\t\t5060 : \"s\" }\n"
                    "\t}\n"
                    "}\n"),
            "table 1\n"
            "  inet 1\n"
            "    f 1\n"
            "      ct 2\n"
            "        helper 2\n"
            "          s 2\n"
            "            type 3\n"
            "              sip 3\n"
            "            l3proto 3\n"
            "              inet 3\n"
            "      chain 5\n"
            "        pre 5\n"
            "          type 6\n"
            "            filter 6\n"
            "              hook 6\n"
            "                prerouting 6\n"
            "                  priority 6\n"
            "                    dstnat 6\n"
            "                      + 6\n"
            "                        10 6\n"
            "          rule 7\n"
            "            ct 7\n"
            "            helper 7\n"
            "            set 7\n"
            "            udp 7\n"
            "            dport 7\n"
            "            map 7\n"
            "            {} 7\n"
            "              69 7\n"
            "                t 7\n"
            "              5060 8\n"
            "                s 8\n");
}

TEST(Nft, CommandsThatAddAreTheSameAsBlocks) {
  EXPECT_EQ(tree_of(nft,
                    "add table ip e\n"
                    "add chain ip e pre { type filter hook prerouting priority 0; }\n"
                    "add ct helper ip e s { type \"sip\" protocol udp; }\n"
                    "add rule ip e pre udp dport { 5060, 5070 } ct helper set \"s\"\n"),
            "table 4\n"
            "  ip 4\n"
            "    e 4\n"
            "      chain 4\n"
            "        pre 4\n"
            "          type 2\n"
            "            filter 2\n"
            "              hook 2\n"
            "                prerouting 2\n"
            "                  priority 2\n"
            "                    0 2\n"
            "          rule 4\n"
            "            udp 4\n"
            "            dport 4\n"
            "            {} 4\n"
            "              5060 4\n"
            "              5070 4\n"
            "            ct 4\n"
            "            helper 4\n"
            "            set 4\n"
            "            s 4\n"
            "      ct 3\n"
            "        helper 3\n"
            "          s 3\n"
            "            type 3\n"
            "              sip 3\n"
            "                protocol 3\n"
            "                  udp 3\n");
}

TEST(Nft, SaysWhatIsCutOff) {
  EXPECT_THAT(problems_of(nft, "table ip f {\n chain c {\n"),
              ElementsAre("line 3: the end, with a brace still open: the rest is missing"));
  EXPECT_THAT(problems_of(nft, "}\n{\n"), ElementsAre("line 1: a closing brace too many"));
}

TEST(IptablesSave, CountersInsertionsAndEqualsSigns) {
  EXPECT_EQ(tree_of(iptables_save,
                    "*raw\n"
                    "[12:3456] -A OUTPUT -j ACCEPT\n"
                    "-I OUTPUT --dport=5060\n"
                    "[a:b] -A OUTPUT -j DROP\n"),
            "raw 3\n"
            "  OUTPUT 3\n"
            "    rule 2\n"
            "      -j 2\n"
            "      ACCEPT 2\n"
            "    insert 3\n"
            "      --dport 3\n"
            "      5060 3\n"
            "filter 4\n"
            "  OUTPUT 4\n"
            "    rule 4\n"
            "      -j 4\n"
            "      DROP 4\n");
}

TEST(IptablesSave, TablesAndCallsInAScript) {
  EXPECT_EQ(tree_of(iptables_save,
                    "# Generated\n"
                    "*raw\n"
                    ":PREROUTING ACCEPT [0:0]\n"
                    "-A PREROUTING -p udp -j CT --helper sip\n"
                    "COMMIT\n"
                    "$IPT -t raw -D PREROUTING -p udp -j CT --helper sip\n"
                    "iptables -A FORWARD -j DROP\n"),
            "raw 6\n"
            "  PREROUTING 6\n"
            "    policy 3\n"
            "      ACCEPT 3\n"
            "    rule 4\n"
            "      -p 4\n"
            "      udp 4\n"
            "      -j 4\n"
            "      CT 4\n"
            "      --helper 4\n"
            "      sip 4\n"
            "    delete 6\n"
            "      -p 6\n"
            "      udp 6\n"
            "      -j 6\n"
            "      CT 6\n"
            "      --helper 6\n"
            "      sip 6\n"
            "filter 7\n"
            "  FORWARD 7\n"
            "    rule 7\n"
            "      -j 7\n"
            "      DROP 7\n");
}

TEST(Transcript, CommandsWithTheirAnswers) {
  EXPECT_EQ(tree_of(transcript,
                    "==> uname -r <==\n"
                    "6.1.0\n"
                    "\n"
                    "root@gw:~# lsmod\n"
                    "nf_nat_sip 20480 0\n"
                    "# #### File: /etc/x #####\n"
                    "> sys sip_alg ?\n"
                    "console> show\n"),
            "command 1\n"
            "  said 1\n"
            "command 1\n"
            "  said 1\n"
            "    uname 1\n"
            "      -r 1\n"
            "  line 2\n"
            "    6.1.0 2\n"
            "command 4\n"
            "  said 4\n"
            "    lsmod 4\n"
            "  line 5\n"
            "    nf_nat_sip 5\n"
            "    20480 5\n"
            "    0 5\n"
            "command 6\n"
            "  said 6\n"
            "    /etc/x 6\n"
            "command 7\n"
            "  said 7\n"
            "    sys 7\n"
            "      sip_alg 7\n"
            "        ? 7\n"
            "command 8\n"
            "  said 8\n"
            "    show 8\n");
}

TEST(Directives, SubjectAndParameters) {
  EXPECT_EQ(tree_of(directives,
                    "# of the kernel\n"
                    "options nf_conntrack_sip ports=5060,5062 sip_timeout=3600\n"
                    "blacklist floppy\n"
                    "softdep a post: b c\n"),
            "options 2\n"
            "  nf_conntrack_sip 2\n"
            "    ports 2\n"
            "      5060,5062 2\n"
            "    sip_timeout 2\n"
            "      3600 2\n"
            "blacklist 3\n"
            "  floppy 3\n"
            "softdep 4\n"
            "  a 4\n"
            "    post: 4\n"
            "    b 4\n"
            "    c 4\n");
}

TEST(Ini, CommandsInTheirSection) {
  EXPECT_EQ(tree_of(ini,
                    "[ connection.ini ]\n"
                    "bind application=ESP\n"
                    "bind application=SIP port=5060-5060\n"
                    "[broken\n"),
            "connection.ini 1\n"
            "  bind 2\n"
            "    application 2\n"
            "      ESP 2\n"
            "  bind 3\n"
            "    application 3\n"
            "      SIP 3\n"
            "    port 3\n"
            "      5060-5060 3\n"
            "  [broken 4\n");
}

TEST(Xml, EntitiesOfItsOwnAreNeverPutIn) {
  constexpr const char* kText = "<!DOCTYPE a [ <!ENTITY b \"bb\"> ]>\n<a><c>&b;</c><d>plain</d></a>\n";
  EXPECT_EQ(tree_of(xml, kText), "a 2\n  c 2\n  d 2\n    plain 2\n");
  EXPECT_THAT(problems_of(xml, kText), ElementsAre("line 1: the XML declares entities, which are not expanded"));
}

/// All lines but the first, which is no part of it.
void shell_from_2(const Text& text, Tree& tree) {
  shell(text, 2, text.last(), tree);
}

TEST(Shell, TakesCommandsApartAsAShellDoes) {
  EXPECT_EQ(tree_of(shell_from_2,
                    "a\n# b\nif c 'd e' \"f\\\"$g\" >/h 2>&1; then i\\\n  -j&&k#l # m\n{ n; } | o\np \"q\nr\"\ns\n"),
            "command 3\n  c 3\n  d e 3\n  f\"$g 3\n  >/h 3\n  2>&1 3\n"
            "command 3\n  i 3\n  -j 3\n"
            "command 4\n  k#l 4\n"
            "command 5\n  n 5\n"
            "command 5\n  } 5\n"
            "command 5\n  o 5\n"
            "command 6\n  p 6\n  q\nr 6\n"
            "command 8\n  s 8\n");
}

TEST(Shell, AHereDocumentIsOfItsCommand) {
  EXPECT_EQ(tree_of(shell_from_2, "a\ncat <<-'EOF' | nft -f -\n\tb; c\n\tEOF\nd <<EOF\ne\n"),
            "command 2\n  cat 2\n"
            "command 2\n  nft 2\n  -f 2\n  - 2\n  << 3\n    b; c 3\n"
            "command 5\n  d 5\n  << 6\n    e 6\n");
}

}  // namespace
}  // namespace viaduct::audit::syntax
