// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/plan.hpp"

#include "audit/catalogue.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

using Kind = Plan::Step::Kind;

/// Kind, command, and a `?` before it where nothing backs it.
std::string text_of(const Plan& plan, Kind kind) {
  std::string text;
  for (const Plan::Step& step : plan.steps)
    if (step.kind == kind) text += (step.verified ? "" : "? ") + step.command + "\n";
  return text;
}

Plan plan_of(Bytes id) {
  static const Catalogue catalogue = Catalogue::built_in();
  return plan_of(*catalogue.find(id), true, true);
}

TEST(Plan, WhatNobodyVerifiedIsMarked) {
  EXPECT_EQ(text_of(plan_of("dd-wrt"), Kind::change),
            "? rmmod nf_nat_sip\n"
            "? rmmod nf_conntrack_sip\n"
            "? save both lines as startup script: Administration > Commands > Save Startup\n");
  EXPECT_EQ(text_of(plan_of("dd-wrt"), Kind::timer), "nvram set ip_conntrack_udp_timeouts=300\nnvram commit\n");
  EXPECT_EQ(text_of(plan_of("allied-telesis-alliedware"), Kind::change),
            "? disable firewall sipalg\n? create config=<FILE>.cfg\n? set config=<FILE>.cfg\n");
  EXPECT_EQ(text_of(plan_of("cisco-asa"), Kind::clear),
            "? clear conn all protocol udp port 5060\n? clear conn all protocol tcp port 5060\n? clear xlate (drops "
            "all traffic)\n");
}

TEST(Plan, WordsForAPersonAreNoCommands) {
  const Catalogue catalogue = Catalogue::built_in();
  for (const Product& product : catalogue.products())
    for (const Plan::Step& step : viaduct::audit::plan_of(product, true, true).steps) {
      const bool typed = step.kind == Kind::change || step.kind == Kind::timer || step.kind == Kind::clear ||
                         step.kind == Kind::restart;
      const bool words = step.command.find(" > ") != std::string::npos || step.command.starts_with("or ") ||
                         step.command.find("(all)") != std::string::npos;
      const bool redirects = step.command.starts_with("echo ") || step.command.starts_with("printf ");
      EXPECT_TRUE(!typed || !words || redirects || step.by_hand) << product.id << ": " << step.command;
      const bool reboots = step.command == "reboot" && (step.kind == Kind::change || step.kind == Kind::timer);
      EXPECT_FALSE(reboots) << product.id << " restarts before anybody asked for it";
    }
}

TEST(Plan, WhereOneCommandIsInDoubtNoneOfItsBlockIsTyped) {
  EXPECT_EQ(text_of(plan_of("freshtomato"), Kind::change),
            "? nvram set nf_sip=0\n? nvram commit\n? service ctnf restart\n");
  EXPECT_EQ(text_of(plan_of("freshtomato"), Kind::check),
            "nvram get nf_sip\nlsmod | grep sip\nnvram get ct_udp_timeout\nnvram get ct_udp_timeout\n");
}

Device device_of(std::vector<Feature> features) {
  Device device;
  device.enter = {"enter"};
  device.leave = {"leave"};
  device.features = std::move(features);
  return device;
}

Plan exact(Bytes id, const Device& device) {
  static const Catalogue catalogue = Catalogue::built_in();
  return viaduct::audit::plan_of(*catalogue.find(id), device, true, false);
}

TEST(Plan, EditsOfWhatIsNotOffAreTypedOnceAndUndoneBackwards) {
  const Feature a{.name = "a", .state = State::on, .edit = {.fix = {"no a"}, .undo = {"a"}}};
  const Feature b{.name = "b", .state = State::unknown, .edit = {.fix = {"no b"}, .undo = {"b"}, .clear = {"clear b"}}};
  const Feature off{.name = "c", .state = State::off, .edit = {.fix = {"no c"}, .undo = {"c"}}};
  const Plan plan = exact("cisco-ios", device_of({a, b, off, a}));
  EXPECT_EQ(text_of(plan, Kind::change), "enter\nno a\nno b\nleave\n");
  EXPECT_EQ(text_of(plan, Kind::undo), "enter\nb\na\nleave\n");
  EXPECT_EQ(text_of(plan, Kind::clear), "clear b\nclear ip nat translation *\nclear zone-pair inspect sessions\n");
}

TEST(Plan, AnEditWithABlankOrWithoutADocumentIsHeldBackAlone) {
  const Feature sure{.name = "a", .state = State::on, .edit = {.fix = {"no a"}, .undo = {"a"}}};
  const Feature blank{.name = "b", .state = State::on, .edit = {.fix = {"edit", "delete <ID>"}, .undo = {"b"}}};
  const Feature doubt{.name = "c", .state = State::on, .edit = {.fix = {"no c"}, .undo = {"c"}, .verified = false}};
  EXPECT_EQ(text_of(exact("cisco-ios", device_of({sure, blank, doubt})), Kind::change),
            "enter\nno a\n? edit\n? delete <ID>\n? no c\nleave\n");
  EXPECT_EQ(text_of(exact("cisco-ios", device_of({blank})), Kind::change), "? enter\n? edit\n? delete <ID>\n? leave\n");
}

TEST(Plan, TheCatalogueStandsInForWhatHasNoEdit) {
  const Feature known{.name = "a", .state = State::on, .edit = {.fix = {"no a"}, .undo = {"a"}}};
  const Feature bare{.name = "b", .state = State::on};
  EXPECT_EQ(text_of(exact("mikrotik-routeros", device_of({bare})), Kind::change),
            "/ip firewall service-port set sip disabled=yes\n");
  const Plan both = exact("mikrotik-routeros", device_of({known, bare}));
  EXPECT_EQ(text_of(both, Kind::change), "enter\nno a\nleave\n? /ip firewall service-port set sip disabled=yes\n");
  EXPECT_THAT(both.notes,
              testing::Contains("no exact command is known for b (global); those of the catalogue stand in"));
  // Where the release decides between opposite lines and is not told, neither is typed.
  EXPECT_EQ(text_of(exact("vyos-1.3", device_of({bare})), Kind::change),
            "? configure\n? set system conntrack modules sip disable\n? commit\n? save\n? exit\n");
}

/// `by hand: ` before what is for a person.
std::string hands_of(const Plan& plan, Kind kind) {
  std::string text;
  for (const Plan::Step& step : plan.steps)
    if (step.kind == kind) text += (step.by_hand ? "by hand: " : "") + step.command + "\n";
  return text;
}

TEST(Plan, WhatHasNoExactCommandIsSaidInWordsAndTheCatalogueDoesNotStandIn) {
  const Feature sure{.name = "a", .state = State::on, .edit = {.fix = {"no a"}, .undo = {"a"}}};
  const Feature words{.name = "b", .state = State::on, .edit = {.by_hand = "take b out; nobody knows its number"}};
  const Plan alone = exact("mikrotik-routeros", device_of({words}));
  EXPECT_EQ(hands_of(alone, Kind::change), "by hand: b (global): take b out; nobody knows its number\n");
  EXPECT_EQ(hands_of(alone, Kind::undo),
            "by hand: what was changed by hand is brought back by hand, as the backup has it\n");
  EXPECT_EQ(hands_of(exact("mikrotik-routeros", device_of({sure, words})), Kind::change),
            "enter\nno a\nleave\nby hand: b (global): take b out; nobody knows its number\n");
}

TEST(Plan, ALineWithASecretIsNeitherShownNorTyped) {
  const Feature both{.name = "a",
                     .state = State::on,
                     .edit = {.fix = {"delete 13"}, .undo = {"edit 13", "set comment \"passwd s3cr3t-1\""}}};
  const Feature fix{.name = "b",
                    .state = State::on,
                    .edit = {.fix = {"no b password=s3cr3t-2"}, .undo = {"b"}, .clear = {"clear pw s3cr3t-3"}}};
  const Plan plan = exact("cisco-ios", device_of({both, fix}));
  EXPECT_EQ(
      hands_of(plan, Kind::change),
      "enter\ndelete 13\nby hand: a secret, which is not written here, belongs where *** stands; the backup has it\n"
      "by hand: no b password ***\nleave\n");
  EXPECT_EQ(hands_of(plan, Kind::undo),
            "enter\nb\nby hand: a secret, which is not written here, belongs where *** stands; the backup has it\n"
            "by hand: edit 13\nby hand: set comment \"passwd ***\nleave\n");
  for (const Plan::Step& step : plan.steps) EXPECT_EQ(step.command.find("s3cr3t-"), std::string::npos) << step.command;
}

TEST(Plan, WhatNoKeyboardTypesIsNotTyped) {
  const Feature hostile{.name = "a", .state = State::on, .edit = {.fix = {"no a\nreload"}, .undo = {"a\x1b[2J"}}};
  const Plan plan = exact("cisco-ios", device_of({hostile}));
  for (const Plan::Step& step : plan.steps)
    EXPECT_TRUE((step.kind != Kind::change && step.kind != Kind::undo) || !step.verified) << step.command;
}

}  // namespace
}  // namespace viaduct::audit
