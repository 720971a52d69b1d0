// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/quantiles.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viaduct::stat {
namespace {

TEST(Quantiles, LieBetweenNeighbours) {
  std::vector<double> values = {40, 10, 50, 20, 30};
  EXPECT_EQ(median(values), 30);
  EXPECT_EQ(quantile(values, 0), 10);
  EXPECT_EQ(quantile(values, 1), 50);
  EXPECT_DOUBLE_EQ(quantile(values, 0.95), 48);
  std::vector<double> even = {4, 1, 3, 2};
  EXPECT_EQ(median(even), 2.5);
  EXPECT_EQ(median({}), 0);
  std::vector<double> one = {7};
  EXPECT_EQ(quantile(one, 0.999), 7);
}

TEST(Quantiles, SeveralAreWhatEachIs) {
  std::vector<double> values;
  values.reserve(997);
  for (int i = 0; i < 997; ++i) values.push_back(i * 7919 % 501);
  std::vector<double> all = values;
  const std::vector<double> found = quantiles(all, {0, 0.5, 0.5, 0.95, 0.999, 1});
  std::vector<double> each;
  for (const double part : {0.0, 0.5, 0.5, 0.95, 0.999, 1.0}) {
    std::vector<double> copy = values;
    each.push_back(quantile(copy, part));
  }
  EXPECT_EQ(found, each);
  EXPECT_EQ(quantiles({}, {0.5, 0.9}), (std::vector<double>{0, 0}));
}

TEST(Quantiles, SpreadIgnoresAnOutlier) {
  std::vector<double> values = {1, 2, 3, 4, 1000};
  EXPECT_EQ(median_spread(values), (MedianSpread{.median = 3, .mad = 1}));
}

}  // namespace
}  // namespace viaduct::stat
