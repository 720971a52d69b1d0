// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/period.hpp"

#include "stat/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace viaduct::stat {
namespace {

TEST(Period, ComesFromRegressionOnTheTicks) {
  // 30 s from 5 s on; ticks 2, 5 and 6 are missing; offsets of half a second.
  const std::vector<double> onsets = {5.5, 34.5, 95.5, 124.5, 215.5, 244.5};
  const Train call{.onsets = onsets, .start = 0, .end = 300};
  const auto estimate = estimate_period({&call, 1}, 30.4);
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->period, 30, 0.1);
  EXPECT_EQ(estimate->used, 6U);
  EXPECT_TRUE(estimate->contains(30));
  EXPECT_FALSE(estimate->contains(32));
}

TEST(Period, HasTheTextbookErrorWithoutGaps) {
  const std::vector<double> onsets = {0.3, 29.9, 60.1, 89.6, 120.2, 149.9, 180};
  const Train call{.onsets = onsets, .start = 0, .end = 200};
  const auto estimate = estimate_period({&call, 1}, 30);
  ASSERT_TRUE(estimate);
  const double n = 7;
  EXPECT_NEAR(estimate->error, estimate->jitter * std::sqrt(12 / (n * (n * n - 1))), 1e-12);
  EXPECT_NEAR(estimate->high - estimate->period, 2.5705818356 * estimate->error, 1e-8);
  EXPECT_NEAR(estimate->period - estimate->low, 2.5705818356 * estimate->error, 1e-8);
}

TEST(Period, LeavesForeignOnsetsOut) {
  const std::vector<double> onsets = {0, 14, 30, 60, 90, 106, 120, 150, 180};
  const Train call{.onsets = onsets, .start = 0, .end = 200};
  const auto estimate = estimate_period({&call, 1}, 30);
  ASSERT_TRUE(estimate);
  EXPECT_EQ(estimate->used, 7U);
  EXPECT_NEAR(estimate->period, 30, 0.05);
}

TEST(Period, IsCommonToCallsWithTheirOwnPhases) {
  const std::vector<double> one = {4, 44, 84, 124};
  const std::vector<double> two = {1011.1, 1051, 1130.9, 1171};
  const std::array calls = {Train{one, 0, 180}, Train{two, 1000, 1180}};
  const auto estimate = estimate_period(calls, 39.5);
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->period, 40, 0.05);
  EXPECT_EQ(estimate->used, 8U);
}

TEST(Period, IntervalHoldsTheTruthInNineteenOfTwenty) {
  Random random(3);
  int held = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    std::vector<double> onsets(9);
    for (std::size_t tick = 0; tick < onsets.size(); ++tick)
      onsets[tick] = 10 + 32 * static_cast<double>(tick) + random.normal();
    const Train call{.onsets = onsets, .start = 0, .end = 300};
    const auto estimate = estimate_period({&call, 1}, 32);
    if (estimate && estimate->contains(32)) ++held;
  }
  EXPECT_NEAR(held / 1000.0, 0.95, 0.025);
}

TEST(Period, IsNotMadeFromTooLittle) {
  const std::vector<double> two = {0, 30};
  const Train call{.onsets = two, .start = 0, .end = 60};
  EXPECT_FALSE(estimate_period({&call, 1}, 30));
  EXPECT_FALSE(estimate_period({}, 30));
  EXPECT_FALSE(estimate_period({&call, 1}, 0));
  EXPECT_FALSE(interval_period(Regularity{.intervals = 1, .mean = 30}));
}

TEST(Period, OfATimerThatRestartsIsTheMeanInterval) {
  const auto estimate = interval_period(Regularity{.intervals = 4, .mean = 30, .deviation = 2});
  ASSERT_TRUE(estimate);
  EXPECT_EQ(estimate->period, 30);
  EXPECT_EQ(estimate->error, 1);
  EXPECT_NEAR(estimate->high, 33.1824463053, 1e-8);
}

TEST(Period, MatchesKnownTimersAndTellsOfRivals) {
  const std::array timers = {30.0, 32.0, 40.0, 60.0};
  const auto matched = [&](double period, double half) {
    return match_timer({.period = period, .low = period - half, .high = period + half}, timers);
  };
  EXPECT_EQ(matched(30.3, 0.4), (TimerMatch{.nearest = 0, .matching = 1}));
  EXPECT_EQ(matched(31.2, 2), (TimerMatch{.nearest = 1, .matching = 2}));
  EXPECT_EQ(matched(60.2, 0.01), (TimerMatch{.nearest = 3, .matching = 1})) << "a clock may be off by 0.5 %";
  EXPECT_EQ(matched(45, 1), std::nullopt);
}

}  // namespace
}  // namespace viaduct::stat
