// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rhythm.hpp"

#include "diagnose/records_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using test::record;
using test::since_epoch;

std::string rhythm(const std::vector<CallRecord>& records) {
  const std::vector<Group> groups = groups_of({.calls = records});
  const Rhythm found = rhythm_of(tally(groups.front(), [](const Onset&) { return true; }));
  return std::string(found.proven() ? "proven" : "not proven") + (found.together ? ", together: " : ": ") +
         found.to_text();
}

/// `count` onsets from `first` on, `period` apart.
std::vector<double> ticks(double first, double period, int count) {
  std::vector<double> onsets;
  onsets.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) onsets.push_back(first + period * i);
  return onsets;
}

TEST(Rhythm, OfOneCall) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(17, 30, 9))}),
            "proven: every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001)");
}

TEST(Rhythm, OfThreeCallsEachWithItsOwnPhase) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 180, ticks(17, 40, 4)),
                    record(1, "192.168.1.11", "198.51.100.9", 500, 680, ticks(531, 40, 4)),
                    record(2, "192.168.1.12", "198.51.100.9", 900, 1080, ticks(905, 40, 4))}),
            "proven: every 40.0 s (40.0 s to 40.0 s, by chance 0.00023)");
}

TEST(Rhythm, OfFourOnsetsOfOneCallThereIsNone) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 180, ticks(17, 40, 4))}),
            "not proven: without a rhythm");
}

TEST(Rhythm, WithoutOne) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, {3, 11, 64, 91, 97, 160, 171, 240, 251})}),
            "not proven: without a rhythm");
}

TEST(Rhythm, OnsetsFollowRegister) {
  const std::vector<std::vector<double>> registers{{20, 75, 120, 190}, {15, 110, 140, 250}, {60, 90, 170, 260}};
  std::vector<CallRecord> records;
  for (const std::vector<double>& of_call : registers) {
    std::vector<double> onsets;
    onsets.reserve(of_call.size());
    for (const double at : of_call) onsets.push_back(at + 0.4);
    records.push_back(
        record(static_cast<std::uint32_t>(records.size()), "192.168.1.10", "198.51.100.9", 0, 300, onsets));
    for (const double at : of_call)
      records.back().refreshes.push_back({since_epoch(at), {}, call::EventKind::register_});
  }
  EXPECT_EQ(rhythm(records), "proven: within 3.00 s after register in 12 of 12 cases (by chance 0.00050)");
}

TEST(Rhythm, AllLinesAtTheSameInstants) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(17, 40, 7)),
                    record(1, "192.168.1.11", "198.51.100.9", 1, 300, ticks(17, 40, 7)),
                    record(2, "192.168.1.12", "198.51.100.9", 2, 300, ticks(17, 40, 7))}),
            "proven, together: every 40.0 s (40.0 s to 40.0 s, by chance under 0.000001)");
}

}  // namespace
}  // namespace viaduct::diagnose
