// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/common_holds.hpp"

#include "diagnose/records_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using call::Party;
using test::record;
using test::since_epoch;

/// A call from 0 to 300 s, of which all that goes to `receivers` is held for a second at 30, 60, 90 s and so on.
CallRecord held(std::uint32_t index, const char* caller, const char* callee, const std::vector<Party>& receivers,
                double later = 0, bool known = true) {
  CallRecord call = record(index, caller, callee, 0, 300, {});
  for (int i = 1; i < 7; ++i)
    for (const Party receiver : receivers)
      call.onsets.push_back({.at = since_epoch(30 * i + later),
                             .length = std::chrono::seconds(1),
                             .kind = rtp::GapClass::hold_and_release,
                             .receiver = receiver,
                             .known = known});
  return call;
}

const std::vector<Party> kBoth{Party::caller, Party::callee};
const std::vector<Party> kUp{Party::callee};
const std::vector<Party> kDown{Party::caller};

/// "0: 6 of 12, most", a line for each call.
std::string common(const std::vector<CallRecord>& records) {
  const std::vector<Group> groups = groups_of({.calls = records});
  const CommonHolds common(groups);
  std::string text = "\n";
  for (const CallRecord& call : records) {
    Tally::OfCall of_call{.call = &call};
    std::size_t count = 0;
    for (const Onset& onset : call.onsets) {
      of_call.onsets.push_back(&onset);
      if (common.contains(onset)) ++count;
    }
    text += std::to_string(call.index) + ": " + std::to_string(count) + " of " + std::to_string(call.onsets.size()) +
            (common.most_of(of_call) ? ", most\n" : "\n");
  }
  return text;
}

TEST(CommonHolds, BothWaysOfFourHosts) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "198.51.100.9", kBoth), held(1, "192.168.1.11", "203.0.113.9", kBoth)}), R"(
0: 12 of 12, most
1: 12 of 12, most
)");
}

TEST(CommonHolds, BothWaysOfTwoPhonesOfOneServer) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "198.51.100.9", kBoth), held(1, "192.168.1.11", "198.51.100.9", kBoth)}),
            R"(
0: 12 of 12, most
1: 12 of 12, most
)");
}

TEST(CommonHolds, NotOfTwoCallsOfOnePhone) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "198.51.100.9", kUp, 0, false),
                    held(1, "192.168.1.10", "203.0.113.9", kUp, 0, false)}),
            R"(
0: 0 of 6
1: 0 of 6
)");
}

TEST(CommonHolds, BothWaysOfOneCall) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "198.51.100.9", kBoth)}), R"(
0: 12 of 12, most
)");
}

TEST(CommonHolds, UsersAreThePhonesBehindOneAddress) {
  std::vector<CallRecord> records{held(0, "192.0.2.1", "198.51.100.9", kUp, 0, false),
                                  held(1, "192.0.2.1", "198.51.100.9", kDown, 0, false),
                                  held(2, "192.0.2.40", "198.51.100.9", {})};
  EXPECT_EQ(common(records), R"(
0: 0 of 6
1: 0 of 6
2: 0 of 0
)");
  records[0].users[0] = 1;
  records[1].users[0] = 2;
  EXPECT_EQ(common(records), R"(
0: 6 of 6, most
1: 6 of 6, most
2: 0 of 0
)");
}

TEST(CommonHolds, NotWhatOneDirectionIsRelayedFromWhereTheOtherWasNotHeld) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "192.168.1.2", kUp), held(1, "192.168.1.2", "192.168.1.11", kUp),
                    held(2, "192.168.1.12", "192.168.1.2", {})}),
            R"(
0: 0 of 6
1: 0 of 6
2: 0 of 0
)");
}

TEST(CommonHolds, OfOneDirectionWhereTheOtherWasNotCaptured) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "198.51.100.9", kUp, 0, false),
                    held(1, "192.168.1.11", "203.0.113.9", kUp, 0, false)}),
            R"(
0: 6 of 6, most
1: 6 of 6, most
)");
}

TEST(CommonHolds, NotWhatEndsAtAnotherTime) {
  EXPECT_EQ(common({held(0, "192.168.1.10", "198.51.100.9", kUp, 0, false),
                    held(1, "192.168.1.11", "203.0.113.9", kUp, 0.05, false)}),
            R"(
0: 0 of 6
1: 0 of 6
)");
}

TEST(CommonHolds, NotMostWhereACallHasMoreOfItsOwn) {
  std::vector<CallRecord> records{held(0, "192.168.1.10", "198.51.100.9", kBoth),
                                  held(1, "192.168.1.11", "203.0.113.9", kBoth)};
  for (int i = 0; i < 13; ++i)
    records[0].onsets.push_back(
        {.at = since_epoch(215 + 6 * i), .length = std::chrono::seconds(1), .kind = rtp::GapClass::hold_and_release});
  EXPECT_EQ(common(records), R"(
0: 12 of 25
1: 12 of 12, most
)");
}

}  // namespace
}  // namespace viaduct::diagnose
