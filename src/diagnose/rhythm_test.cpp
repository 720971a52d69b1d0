// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rhythm.hpp"

#include "diagnose/records_test.hpp"
#include "diagnose/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace viaduct::diagnose {
namespace {

using test::record;
using test::since_epoch;

std::string rhythm(const std::vector<CallRecord>& records) {
  const std::vector<Group> groups = groups_of({.calls = records});
  const Rhythm found = rhythm_of(tally(groups.front(), [](const Onset&) { return true; }), groups.front());
  return std::string(found.proven() ? "proven" : "not proven") + (found.together ? ", together: " : ": ") +
         found.to_text() + found.clock_text();
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

TEST(Rhythm, RasterHasTheTimesOfTheOnsetsAndTheirLengths) {
  const std::vector<CallRecord> records{record(0, "192.168.1.10", "198.51.100.9", 500, 800, ticks(517, 30, 9))};
  const std::vector<Group> groups = groups_of({.calls = records});
  const finding::Timeline shown =
      raster(rhythm_of(tally(groups.front(), [](const Onset&) { return true; }), groups.front()));
  ASSERT_EQ(shown.lanes.size(), 1U);
  EXPECT_EQ(shown.lanes[0].begin, records[0].begin);
  ASSERT_EQ(shown.lanes[0].intervals.size(), 9U);
  const finding::Interval& second = shown.lanes[0].intervals[1];
  EXPECT_EQ(second.begin, records[0].onsets[1].at);
  EXPECT_EQ(second.length, records[0].onsets[1].length);
  EXPECT_EQ(second.text, "47.0 s into the call");
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

/// A call with what its phone asked for meanwhile.
CallRecord with(CallRecord call, call::EventKind kind, const std::vector<double>& requests) {
  for (const double at : requests) call.refreshes.push_back({since_epoch(at), {}, kind});
  return call;
}

TEST(Rhythm, LockedToTheStartOfTheCall) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(30, 30, 8)),
                    record(1, "192.168.1.11", "198.51.100.9", 17, 300, ticks(47.2, 30, 8)),
                    record(2, "192.168.1.12", "198.51.100.9", 41, 300, ticks(70.9, 30, 7)),
                    record(3, "192.168.1.12", "198.51.100.9", 500, 700, ticks(530.1, 30, 5))}),
            "proven: every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), locked to the start of the call (by "
            "chance 0.000004)");
}

TEST(Rhythm, LockedToTheLastReInvite) {
  EXPECT_EQ(rhythm({with(record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(45, 30, 8)),
                         call::EventKind::re_invite, {15}),
                    with(record(1, "192.168.1.11", "198.51.100.9", 17, 300, ticks(71.2, 30, 7)),
                         call::EventKind::re_invite, {41}),
                    with(record(2, "192.168.1.12", "198.51.100.9", 41, 300, ticks(79.9, 30, 7)),
                         call::EventKind::re_invite, {50}),
                    with(record(3, "192.168.1.12", "198.51.100.9", 500, 700, ticks(552.1, 30, 5)),
                         call::EventKind::re_invite, {522})}),
            "proven: every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), locked to the last re-INVITE or UPDATE "
            "(by chance 0.000004)");
}

TEST(Rhythm, LockedToTheLastRegister) {
  EXPECT_EQ(rhythm({with(record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(25, 40, 7)),
                         call::EventKind::register_, {10}),
                    with(record(1, "192.168.1.11", "198.51.100.9", 17, 300, ticks(56.2, 40, 6)),
                         call::EventKind::register_, {41}),
                    with(record(2, "192.168.1.12", "198.51.100.9", 41, 300, ticks(64.9, 40, 6)),
                         call::EventKind::register_, {50}),
                    with(record(3, "192.168.1.12", "198.51.100.9", 500, 700, ticks(537.1, 40, 4)),
                         call::EventKind::register_, {522})}),
            "proven: every 40.0 s (40.0 s to 40.0 s, by chance under 0.000001), locked to the last REGISTER or OPTIONS "
            "(by chance 0.000002)");
}

TEST(Rhythm, OfOneLineAlone) {
  std::vector<CallRecord> records;
  records.reserve(40);
  for (std::uint32_t i = 0; i < 4; ++i)
    records.push_back(
        record(i, "192.168.1.10", "198.51.100.9", 400 * i, 400 * i + 300, ticks(400 * i + 17 + 9 * i, 30, 9)));
  for (std::uint32_t i = 4; i < 40; ++i)
    records.push_back(record(i, "192.168.1.20", "198.51.100.9", 50 * i, 50 * i + 200, {}));
  EXPECT_EQ(
      rhythm(records),
      "proven: every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), locked to one line (by chance 0.00042)");
}

TEST(Rhythm, EachCallWithItsOwnPhase) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(17, 40, 7)),
                    record(1, "192.168.1.11", "198.51.100.9", 1, 300, ticks(31, 40, 6)),
                    record(2, "192.168.1.12", "198.51.100.9", 2, 300, ticks(4, 40, 7))}),
            "proven: every 40.0 s (40.0 s to 40.0 s, by chance 0.000002), each call with a phase of its own");
}

TEST(Rhythm, AmongManyCallsOneIsEvenByChance) {
  std::vector<CallRecord> records;
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same calls in each run
  for (std::uint32_t i = 0; i < 19; ++i) {
    std::vector<double> onsets;
    onsets.reserve(6);
    for (int n = 0; n < 6; ++n) onsets.push_back(1000. * i + static_cast<double>(random() % 2900) / 10);
    std::sort(onsets.begin(), onsets.end());
    records.push_back(record(i, "192.168.1.10", "198.51.100.9", 1000 * i, 1000 * i + 300, onsets));
  }
  records.push_back(
      record(19, "192.168.1.10", "198.51.100.9", 19000, 19300, {19010, 19068, 19110, 19172, 19220, 19262}));
  EXPECT_EQ(rhythm({records.back()}), "proven: every 50.4 s (39.0 s to 61.8 s, by chance 0.0016)");
  EXPECT_EQ(rhythm(records), "not proven: without a rhythm");
}

TEST(Rhythm, AllLinesAtTheSameInstants) {
  EXPECT_EQ(rhythm({record(0, "192.168.1.10", "198.51.100.9", 0, 300, ticks(17, 40, 7)),
                    record(1, "192.168.1.11", "198.51.100.9", 1, 300, ticks(17, 40, 7)),
                    record(2, "192.168.1.12", "198.51.100.9", 2, 300, ticks(17, 40, 7))}),
            "proven, together: every 40.0 s (40.0 s to 40.0 s, by chance under 0.000001), locked to the wall clock (by "
            "chance under 0.000001)");
}

}  // namespace
}  // namespace viaduct::diagnose
