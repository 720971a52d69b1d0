// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/regularity.hpp"

#include "stat/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace viaduct::stat {
namespace {

struct Critical {
  std::size_t m;
  double five, one, tenth;
};

// Simulated by others to two digits: the exact p at each lies within what the last digit and their error allow.
constexpr std::array kCritical = {Critical{3, .25, .11, .035}, Critical{4, .37, .21, .10},  Critical{5, .44, .29, .16},
                                  Critical{6, .49, .35, .22},  Critical{7, .52, .40, .27},  Critical{8, .55, .43, .31},
                                  Critical{10, .59, .48, .37}, Critical{12, .62, .52, .42}, Critical{15, .65, .56, .47},
                                  Critical{20, .69, .61, .52}, Critical{30, .74, .67, .59}};

TEST(IntervalNull, HasTheCriticalValuesOfTheTable) {
  IntervalNull null;
  for (const auto& [m, five, one, tenth] : kCritical) {
    EXPECT_LT(null.p_value(five - 0.011, m), 0.05) << m;
    EXPECT_GT(null.p_value(five + 0.011, m), 0.05) << m;
    EXPECT_LT(null.p_value(one - 0.011, m), 0.01) << m;
    EXPECT_GT(null.p_value(one + 0.011, m), 0.01) << m;
    EXPECT_LT(null.p_value(tenth - 0.011, m), 0.001) << m;
    EXPECT_GT(null.p_value(tenth + 0.011, m), 0.001) << m;
  }
}

TEST(IntervalNull, IsExactWhereGeometryIs) {
  IntervalNull null;
  // Two intervals: u and 1 - u, CV = sqrt(2) |2u - 1|.
  EXPECT_NEAR(null.p_value(std::sqrt(2.0) / 4, 2), 0.25, 1e-12);
  // Three: a disc in a triangle, and all of it when one interval is the whole.
  EXPECT_NEAR(null.p_value(0.25, 3), 3.141592653589793 * 0.0625 * 4 / (9 * std::sqrt(3.0)), 1e-12);
  EXPECT_EQ(null.p_value(std::sqrt(3.0), 3), 1);
  EXPECT_EQ(null.p_value(0, 3), 0);
  EXPECT_EQ(null.p_value(0, 1), 1);
}

double simulated(double cv, std::size_t m, std::size_t trials) {
  Random random(4711);
  std::size_t below = 0;
  std::vector<double> intervals(m);
  for (std::size_t trial = 0; trial < trials; ++trial) {
    for (double& interval : intervals) interval = random.exponential();
    const double mean = std::accumulate(intervals.begin(), intervals.end(), 0.0) / static_cast<double>(m);
    double squares = 0;
    for (const double interval : intervals) squares += (interval - mean) * (interval - mean);
    if (std::sqrt(squares / static_cast<double>(m - 1)) <= cv * mean) ++below;
  }
  return static_cast<double>(below) / static_cast<double>(trials);
}

TEST(IntervalNull, AgreesWithSimulationPastTheBall) {
  IntervalNull null;
  EXPECT_NEAR(null.p_value(1.0, 5), simulated(1.0, 5, 40000), 0.01);
  EXPECT_NEAR(null.p_value(0.8, 20), simulated(0.8, 20, 20000), 0.012);
  EXPECT_NEAR(null.p_value(0.9, 80), simulated(0.9, 80, 10000), 0.015);
  EXPECT_NEAR(null.p_value(1.4, 12), simulated(1.4, 12, 20000), 0.01);
}

TEST(IntervalNull, IsContinuousAndConservativeForLongCalls) {
  IntervalNull null;
  EXPECT_NEAR(null.p_value(0.85, 121) / null.p_value(0.85, 120), 1, 0.05);
  EXPECT_GE(null.p_value(0.9, 300) + 0.01, simulated(0.9, 300, 5000));
  EXPECT_LT(null.p_value(0.5, 300), 1e-12);
}

TEST(Regularity, SubtractsTheDeadTime) {
  IntervalNull null;
  const std::vector<double> onsets = {0, 30, 61, 90, 120};
  const Regularity plain = regularity(onsets, 0, null);
  EXPECT_EQ(plain.intervals, 4U);
  EXPECT_DOUBLE_EQ(plain.mean, 30);
  EXPECT_NEAR(plain.deviation, std::sqrt(2.0 / 3), 1e-12);
  EXPECT_NEAR(plain.cv, std::sqrt(2.0 / 3) / 30, 1e-12);
  EXPECT_LT(plain.p, 1e-4);
  const Regularity dead = regularity(onsets, 10, null);
  EXPECT_NEAR(dead.cv, std::sqrt(2.0 / 3) / 20, 1e-12);
  EXPECT_GT(dead.p, plain.p);
  EXPECT_EQ(regularity(onsets, 40, null).p, 1) << "a dead time that the onsets contradict";
}

TEST(Regularity, SaysNothingOfFewerThanThreeIntervals) {
  IntervalNull null;
  EXPECT_EQ(regularity({}, 0, null).p, 1);
  EXPECT_EQ(regularity(std::vector<double>{0, 30, 60}, 0, null).p, 1);
  EXPECT_LT(regularity(std::vector<double>{0, 30, 60, 90.5}, 0, null).p, 0.001);
}

}  // namespace
}  // namespace viaduct::stat
