// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/group.hpp"

#include "diagnose/records_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using test::record;

/// "192.0.2.1: calls 0 (caller) 2 (callee)", a line for each group; "local" for private addresses.
std::string groups(const std::vector<CallRecord>& records) {
  std::string text = "\n";
  for (const Group& group : groups_of({.calls = records})) {
    text += "site " + std::to_string(group.site) + " " +
            (group.network.address.present() ? group.network.to_text() : "local") + ":";
    for (const CallRecord* const call : group.calls) {
      const std::optional<call::Party> customer = customer_of(*call, group);
      text += " " + std::to_string(call->index) + " (" + (customer ? std::string(call::name(*customer)) : "?") + ")";
    }
    text += "\n";
  }
  return text;
}

TEST(Group, ThePlatformIsWhatMostCallsHaveInCommon) {
  EXPECT_EQ(
      groups({record(0, "192.0.2.1", "198.51.100.9", 0, 60, {}), record(1, "198.51.100.9", "192.0.2.1", 0, 60, {}),
              record(2, "192.0.2.2", "198.51.100.9", 0, 60, {})}),
      R"(
site 0 192.0.2.0/28: 0 (caller) 1 (callee) 2 (caller)
)");
}

TEST(Group, PhonesOfALocalNetworkAreOneCustomer) {
  EXPECT_EQ(groups({record(0, "192.168.1.10", "198.51.100.9", 0, 60, {}),
                    record(1, "198.51.100.9", "192.168.1.11", 0, 60, {})}),
            R"(
site 0 local: 0 (caller) 1 (callee)
)");
}

TEST(Group, AloneThePrivateSideIsTheCustomer) {
  EXPECT_EQ(groups({record(0, "198.51.100.9", "10.0.0.7", 0, 60, {})}), R"(
site 0 local: 0 (callee)
)");
}

TEST(Group, OfTwoPrivateAddressesThePlatformIsWhatMoreCallsHave) {
  EXPECT_EQ(
      groups({record(0, "10.0.0.5", "192.168.1.10", 0, 60, {}), record(1, "192.168.1.11", "10.0.0.5", 0, 60, {})}),
      R"(
site 0 local: 0 (callee) 1 (caller)
)");
}

TEST(Group, OfTwoPrivateAddressesAloneNothingTells) {
  EXPECT_EQ(groups({record(0, "10.0.0.5", "192.168.1.10", 0, 60, {})}), R"(
site 0 local: 0 (?)
)");
}

TEST(Group, ThePlatformIsWhatSeveralSitesSee) {
  std::vector<CallRecord> records{record(0, "198.51.100.9", "203.0.113.70", 0, 60, {}),
                                  record(1, "203.0.113.10", "198.51.100.9", 0, 60, {})};
  records[1].site = 1;
  EXPECT_EQ(groups(records), R"(
site 0 203.0.113.64/28: 0 (callee)
site 1 203.0.113.0/28: 1 (caller)
)");
}

TEST(Group, SitesAreKeptApart) {
  std::vector<CallRecord> records{record(0, "192.168.1.10", "198.51.100.9", 0, 60, {}),
                                  record(1, "192.168.1.10", "198.51.100.9", 0, 60, {})};
  records[1].site = 1;
  EXPECT_EQ(groups(records), R"(
site 0 local: 0 (caller)
site 1 local: 1 (caller)
)");
}

std::string told(const std::vector<CallRecord>& records, bool common = true) {
  std::string text = "\n";
  for (const Group& group : groups_of({.calls = records})) {
    const Tally all = tally(group, [](const Onset& onset) { return onset.kind == rtp::GapClass::hard_hole; });
    const Tally found = common ? all : without_common(all);
    text += found.pooled ? "pooled\n" : "alone\n";
    for (const Tally::OfCall& call : found.calls)
      text += "call " + std::to_string(call.call->index) + ": " + std::to_string(call.onsets.size()) +
              (found.enough(call) ? " are enough\n" : " are too few\n");
  }
  return text;
}

TEST(Tally, SixOfOneCall) {
  EXPECT_EQ(told({record(0, "192.168.1.10", "198.51.100.9", 0, 300, {30, 60, 90, 120, 150, 180}),
                  record(1, "192.168.1.10", "198.51.100.9", 0, 300, {30, 60, 90, 120, 150})}),
            R"(
alone
call 0: 6 are enough
call 1: 5 are too few
)");
}

TEST(Tally, FourOfEachOfThreeCalls) {
  EXPECT_EQ(told({record(0, "192.168.1.10", "198.51.100.9", 0, 300, {30, 60, 90, 120}),
                  record(1, "192.168.1.11", "198.51.100.9", 0, 300, {30, 60, 90, 120}),
                  record(2, "192.168.1.12", "198.51.100.9", 0, 300, {30, 60, 90, 120}),
                  record(3, "192.168.1.12", "198.51.100.9", 0, 300, {40}),
                  record(4, "192.168.1.12", "198.51.100.9", 0, 300, {})}),
            R"(
pooled
call 0: 4 are enough
call 1: 4 are enough
call 2: 4 are enough
call 3: 1 are too few
)");
}

/// 100 s hits all lines; the second call has nothing else.
TEST(Tally, WhatStrikesAllLinesNowAndThenIsNoTimerOfTheirs) {
  const std::vector<CallRecord> records{record(0, "192.168.1.10", "198.51.100.9", 0, 300, {30, 60, 90, 100}),
                                        record(1, "192.168.1.11", "198.51.100.9", 0, 300, {100}),
                                        record(2, "192.168.1.12", "198.51.100.9", 0, 300, {20, 70, 100, 120})};
  EXPECT_EQ(told(records, false), R"(
alone
call 0: 3 are too few
call 1: 1 are too few
call 2: 3 are too few
)");
}

/// A box that sweeps strikes all lines each time: that is told elsewhere.
TEST(Tally, WhatMostlyStrikesAllLinesIsLeft) {
  const std::vector<CallRecord> records{record(0, "192.168.1.10", "198.51.100.9", 0, 300, {30, 60, 90, 120}),
                                        record(1, "192.168.1.11", "198.51.100.9", 0, 300, {30, 60, 90, 120}),
                                        record(2, "192.168.1.12", "198.51.100.9", 0, 300, {30, 60, 90, 120, 150})};
  EXPECT_EQ(told(records, false), told(records));
}

}  // namespace
}  // namespace viaduct::diagnose
