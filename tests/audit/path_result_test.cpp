// SPDX-License-Identifier: GPL-2.0-or-later
// `viaduct audit --with`: what is taken of a result of analyze, and which devices come first because of it.
#include "audit/path_result.hpp"

#include "finding/result.hpp"

#include <gmock/gmock.h>

namespace viaduct::app::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kLinux =
    R"({"schema": "viaduct-result/1", "tool": {"name": "viaduct analyze", "version": "1"}, "calls": [{"x": [1, 2]}],)"
    R"( "findings": [{"verdict": "fail", "family": "linux", "confidence": 0.8, "behaviours": ["B03", "A06"], "exhibits": [{"kind": "table"}]},)"
    R"( {"verdict": "fail", "family": "proxy-type", "confidence": 0.9, "behaviours": ["A06"]}, {"verdict": "fail", "family": "linux", "confidence": 0.98, "behaviours": []},)"
    R"( {"verdict": "pass", "family": "fortinet", "confidence": 1, "behaviours": ["B08"]},)"
    R"( {"verdict": "fail", "family": "../<b>", "confidence": 7, "behaviours": ["\u001b[2J", 5, null]}, 3]})";

TEST(PathResult, FamiliesAndBehavioursOfWhatFailed) {
  const auto path = read_path_result(kLinux);
  ASSERT_TRUE(path) << path.error();
  EXPECT_EQ(path->tool, "viaduct analyze");
  EXPECT_THAT(path->behaviours, ElementsAre("A06", "B03"));
  ASSERT_EQ(path->families.size(), 2U);
  EXPECT_EQ(path->families[0].name, "linux");
  EXPECT_DOUBLE_EQ(path->families[0].confidence, 0.98);
  EXPECT_EQ(path->families[1].name, "proxy-type");
}

TEST(PathResult, WhatIsNoResultIsRefused) {
  EXPECT_EQ(read_path_result("").error(), "no JSON, or not whole");
  EXPECT_EQ(read_path_result(R"({"schema": "viaduct-result/1", "findings": [)").error(), "no JSON, or not whole");
  EXPECT_EQ(read_path_result(R"({"schema": "viaduct-result/2"})").error(),
            "not a result of viaduct (schema viaduct-result/1)");
  EXPECT_EQ(read_path_result(R"([])").error(), "no JSON, or not whole");
  EXPECT_TRUE(read_path_result(R"({"schema": "viaduct-result/1", "findings": 3})")->families.empty());
}

constexpr const char* kNftOn =
    "table inet f {\n ct helper s {\n  type \"sip\" protocol udp\n }\n chain p {\n  type filter hook prerouting "
    "priority filter; policy accept;\n"
    "  udp dport 5060 ct helper set \"s\"\n }\n}\n";
constexpr const char* kNftOff =
    "table inet f {\n chain p {\n  type filter hook prerouting priority filter; policy accept;\n }\n}\n";
constexpr const char* kIos =
    "version 17.9\nhostname R1\ninterface Gi0/0\n ip nat outside\ninterface Gi0/1\n ip nat inside\nip nat inside "
    "source list 1 interface Gi0/0 overload\n";
constexpr const char* kRouterOs =
    "# 2024-01-01 by RouterOS 7.14.3\n/ip firewall nat\nadd action=masquerade chain=srcnat "
    "out-interface=ether1\n/system identity\nset name=MT\n";

/// Names, rank and sentence of each device, and of the first finding verdict and statement.
std::string ranked(const PathResult& path, const std::vector<std::pair<std::string, std::string>>& files) {
  static const viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  static const viaduct::audit::Recogniser recogniser(catalogue);
  finding::Result result;
  for (const auto& [name, text] : files) {
    viaduct::audit::Audited one = viaduct::audit::audit(name, text, catalogue, recogniser);
    name_behaviours(one, catalogue);
    viaduct::audit::add(result, one, catalogue);
  }
  viaduct::audit::conclude(result);
  rank_by_path(result, path, catalogue);
  std::string shown;
  for (const finding::DeviceSummary& device : result.devices)
    shown += result.inputs[device.input].path + " " + device.sip + " " + std::to_string(device.explains.rank) + " " +
             device.explains.sentence + "\n";
  return shown + std::string(name(result.findings[0].verdict)) + " " + result.findings[0].statement + "\n";
}

TEST(PathResult, WhatIsOfThatFamilyAndOnIsFirst) {
  EXPECT_EQ(ranked({.tool = "viaduct analyze", .families = {{"linux", 0.98}}, .behaviours = {"A06", "B03", "B08"}},
                   {{"r1.cfg", kIos}, {"off.nft", kNftOff}, {"on.nft", kNftOn}}),
            "r1.cfg on 0 \n"
            "off.nft off 0 \n"
            "on.nft on 1 on: ct helper sip (table inet f chain p udp 5060); the ALG of plain Linux router (iptables / "
            "nftables) is of the family linux, to which the path points (confidence 98 %); 2 of 3 behaviours found "
            "there are its own: A06, B03.\n"
            "fail viaduct analyze points to the family linux (confidence 98 %). on.nft: on: ct helper sip (table inet "
            "f chain p udp 5060); the ALG of plain "
            "Linux router (iptables / nftables) is of the family linux, to which the path points (confidence 98 %); 2 "
            "of 3 behaviours found there are its own: A06, B03.\n");
}

TEST(PathResult, BehavioursAloneRankWhereNoFamilyWasTold) {
  const std::string shown = ranked({.tool = "viaduct analyze", .families = {}, .behaviours = {"C06", "C12"}},
                                   {{"r1.cfg", kIos}, {"on.nft", kNftOn}, {"mt.rsc", kRouterOs}});
  EXPECT_THAT(shown, HasSubstr("on.nft on 1 on: "));
  EXPECT_THAT(shown, HasSubstr("mt.rsc on 2 on: "));
  EXPECT_THAT(shown, HasSubstr("r1.cfg on 0 \n"));
  EXPECT_THAT(shown, HasSubstr("fail viaduct analyze points to behaviours C06, C12. on.nft: on: "));
}

TEST(PathResult, NoDeviceHereIsAnAnswerToo) {
  EXPECT_EQ(ranked({.tool = "viaduct analyze", .families = {{"fortinet", 0.7}}, .behaviours = {"B08"}},
                   {{"off.nft", kNftOff}, {"on.nft", kNftOn}}),
            "off.nft off 0 \non.nft on 0 \n"
            "inconclusive viaduct analyze points to the family fortinet (confidence 70 %), and no device here has such "
            "an ALG that is on or may be on: the one that edits is another one.\n");
}

}  // namespace
}  // namespace viaduct::app::audit
