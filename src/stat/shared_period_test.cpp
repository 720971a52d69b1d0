// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/shared_period.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace viaduct::stat {
namespace {

PeriodEstimate estimate(double period, double error) {
  return {.period = period, .low = period - 2.3 * error, .high = period + 2.3 * error, .error = error};
}

TEST(SharedPeriod, OfThreeSitesThatAgree) {
  const std::array sites = {estimate(30.1, 0.1), estimate(29.9, 0.1), estimate(30.2, 0.2)};
  const SharedPeriod shared = shared_period(sites);
  EXPECT_EQ(shared.estimates, 3U);
  EXPECT_EQ(shared.within, 3U);
  EXPECT_NEAR(shared.period, (30.1 + 29.9 + 30.2 / 4) / 2.25, 1e-9);
  EXPECT_GT(shared.p_different, 0.2);
}

TEST(SharedPeriod, IsRefusedWhereOneTicksDifferently) {
  const std::array sites = {estimate(30, 0.1), estimate(30, 0.1), estimate(32, 0.1)};
  const SharedPeriod shared = shared_period(sites);
  EXPECT_LT(shared.p_different, 1e-10);
  EXPECT_LT(shared.within, 3U);
}

TEST(SharedPeriod, ClocksAreNotBetterThanTheyAre) {
  const std::array sites = {estimate(30, 0), estimate(30.001, 0)};
  const SharedPeriod shared = shared_period(sites);
  EXPECT_NEAR(shared.period, 30.0005, 1e-6);
  EXPECT_GT(shared.p_different, 0.5);
  EXPECT_EQ(shared.within, 2U);
  EXPECT_EQ(shared_period({}).estimates, 0U);
}

std::vector<double> ticks(double phase) {
  std::vector<double> onsets;
  for (int tick = 0; phase + 30 * tick < 300; ++tick) onsets.push_back(phase + 30 * tick);
  return onsets;
}

TEST(PhaseSpread, OwnPhasesAgainstOneClock) {
  const std::vector<double> a = ticks(29.5), b = ticks(0.5), c = ticks(0), d = ticks(12), e = ticks(20);
  const std::array together = {Train{a, 0, 300}, Train{b, 0, 300}, Train{c, 0, 300}};
  const PhaseSpread one = phase_spread(together, 30);
  EXPECT_EQ(one.lines, 3U);
  EXPECT_NEAR(one.arc, 1, 1e-9) << "the arc goes over the end of the period";
  EXPECT_NEAR(one.p, 3 / 900.0, 1e-9);
  const std::array apart = {Train{b, 0, 300}, Train{d, 0, 300}, Train{e, 0, 300}};
  EXPECT_NEAR(phase_spread(apart, 30).arc, 18.5, 0.6);
  EXPECT_EQ(phase_spread(apart, 30).p, 1);
  EXPECT_EQ(phase_spread({}, 30).p, 1);
}

}  // namespace
}  // namespace viaduct::stat
