// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/trend.hpp"

#include "stat/tails.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace viaduct::stat {
namespace {

TEST(MannKendall, ARiseIsScoredAgainstItsVariance) {
  MannKendall trend;
  trend.add(std::array<double, 6>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(trend.score(), 15);
  EXPECT_DOUBLE_EQ(trend.p_rising(), normal_upper(14 / std::sqrt(6 * 5 * 17 / 18.0)));
}

TEST(MannKendall, TiesCountNothingAndTakeVariance) {
  MannKendall trend;
  trend.add(std::array<double, 4>{1, 2, 2, 3});
  EXPECT_EQ(trend.score(), 5);
  EXPECT_DOUBLE_EQ(trend.p_rising(), normal_upper(4 / std::sqrt((4 * 3 * 13 - 2 * 1 * 9) / 18.0)));
  MannKendall flat;
  flat.add(std::array<double, 3>{7, 7, 7});
  EXPECT_EQ(flat.p_rising(), 1);
}

TEST(MannKendall, BlocksAreComparedWithinThemselves) {
  MannKendall trend;
  trend.add(std::array<double, 3>{100, 101, 102});
  trend.add(std::array<double, 3>{1, 2, 3});
  EXPECT_EQ(trend.score(), 6);
  trend.add(std::array<double, 3>{3, 2, 1});
  EXPECT_EQ(trend.score(), 3);
  MannKendall fall;
  fall.add(std::array<double, 5>{5, 4, 3, 2, 1});
  EXPECT_GT(fall.p_rising(), 0.98);
}

}  // namespace
}  // namespace viaduct::stat
