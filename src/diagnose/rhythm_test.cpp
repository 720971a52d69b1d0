// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rhythm.hpp"

#include "diagnose/records_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using test::record;
using test::since_epoch;

std::string rhythm(const std::vector<CallRecord>& records) {
  const std::vector<Group> groups = groups_of(records);
  const Rhythm found = rhythm_of(tally(groups.front(), [](const Onset&) { return true; }));
  return std::string(found.proven() ? "proven" : "not proven") + (found.together ? ", together: " : ": ") +
         found.to_text();
}

/// `count` onsets from `first` on, `period` apart.
std::vector<double> ticks(double first, double period, int count) {
  std::vector<double> onsets;
  for (int i = 0; i < count; ++i) onsets.push_back(first + period * i);
  return onsets;
}

TEST(Rhythm, OfOneCall) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(17, 30, 9))}), "");
}

TEST(Rhythm, OfThreeCallsEachWithItsOwnPhase) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 180, ticks(17, 40, 4)),
                    record(1, "192.168.1.11", "198.51.100.9", 500, 680, ticks(531, 40, 4)),
                    record(2, "192.168.1.12", "198.51.100.9", 900, 1080, ticks(905, 40, 4))}),
            "");
}

TEST(Rhythm, OfFourOnsetsOfOneCallThereIsNone) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 180, ticks(17, 40, 4))}), "");
}

TEST(Rhythm, WithoutOne) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, {3, 11, 64, 91, 97, 160, 171, 240, 251})}), "");
}

TEST(Rhythm, OnsetsFollowRegister) {
  const std::vector<double> registers{20, 75, 120, 190, 230, 310, 350, 420};
  std::vector<double> onsets;
  for (const double at : registers) onsets.push_back(at + 0.4);
  std::vector<CallRecord> records{record(0, "192.168.1.10", "198.51.100.9", 0, 450, onsets)};
  for (const double at : registers) records[0].refreshes.push_back({since_epoch(at), {}, call::EventKind::register_});
  EXPECT_EQ(rhythm(records), "");
}

TEST(Rhythm, AllLinesAtTheSameInstants) {
  const std::vector<double> onsets{17, 61, 90, 133, 171, 214, 260};
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, onsets),
                    record(1, "192.168.1.11", "198.51.100.9", 1, 300, onsets)}),
            "");
}

}  // namespace
}  // namespace viaduct::diagnose
