// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/coincidence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace viaduct::stat {
namespace {

const std::vector<double> kFirst = {3, 11, 40, 52, 90, 151, 163, 204, 260, 291};

Coincidence same(std::span<const Train> lines) {
  IntervalNull null;
  return same_instant(lines, 1, null, {.count = 1999});
}

TEST(Coincidence, FiveCommonInstantsOfTwoLines) {
  const std::vector<double> second = {3.4, 20, 40.9, 70, 89.8, 100, 151.5, 230, 259.5, 280};
  const std::array lines = {Train{kFirst, 0, 300}, Train{second, 0, 300}};
  const Coincidence found = same(lines);
  EXPECT_EQ(found.lines, 2U);
  EXPECT_EQ(found.pairs, 5U);
  EXPECT_NEAR(found.expected, 2 * 10 * 10 / 300.0, 1e-12);
  EXPECT_NEAR(found.p_poisson, 0.000632, 1e-5);
  EXPECT_LT(found.p_shifted, 0.005);
  EXPECT_TRUE(found.at_random);
  EXPECT_EQ(found.p, found.p_poisson);
}

TEST(Coincidence, UnrelatedLinesHaveNone) {
  const std::vector<double> second = {7, 20, 47, 70, 95, 100, 171, 230, 265, 280};
  const std::array lines = {Train{kFirst, 0, 300}, Train{second, 0, 300}};
  EXPECT_EQ(same(lines).pairs, 0U);
  EXPECT_EQ(same(lines).p, 1);
}

TEST(Coincidence, TwoClocksOfOnePeriodAreNotProvablyTogether) {
  const std::vector<double> ticks = {5, 35, 65, 95, 125, 155, 185, 215, 245, 275};
  const std::array two = {Train{ticks, 0, 300}, Train{ticks, 0, 300}};
  const Coincidence found = same(two);
  EXPECT_FALSE(found.at_random);
  EXPECT_LT(found.p_poisson, 1e-8);
  EXPECT_NEAR(found.p, 2 / 30.0, 0.02);
  const std::array four = {two[0], two[0], two[0], two[0]};
  EXPECT_LT(same(four).p, 0.002);
}

TEST(Coincidence, ClustersAreOneEventAndNotManyPairs) {
  const std::vector<double> first = {100, 100.3, 100.6, 100.9, 101.2, 250};
  const std::vector<double> second = {30, 100.1, 100.4, 100.7, 101, 101.3};
  const std::array lines = {Train{first, 0, 300}, Train{second, 0, 300}};
  const Coincidence found = same(lines);
  EXPECT_FALSE(found.at_random);
  EXPECT_LT(found.p_poisson, 1e-10);
  EXPECT_GT(found.p, 0.0005);
}

TEST(Coincidence, CountsInTheCommonTimeOnly) {
  const std::vector<double> late = {1050, 1100};
  const std::array lines = {Train{kFirst, 0, 300}, Train{late, 1000, 1300}};
  const Coincidence apart = same(lines);
  EXPECT_EQ(apart.common, 0);
  EXPECT_EQ(apart.p, 1);
  const std::array shorter = {Train{kFirst, 0, 300}, Train{kFirst, 0, 100}};
  EXPECT_EQ(same(shorter).pairs, 5U);
  EXPECT_EQ(same({}).p, 1);
}

TEST(Coincidence, SitesAreMergedLines) {
  const std::vector<double> second = {3.5, 11.9, 13.5, 300};
  const std::array lines = {Train{kFirst, 0, 300}, Train{second, 0, 300}};
  EXPECT_EQ(merge_onsets(lines, 1), (std::vector<double>{3, 11, 13.5, 40, 52, 90, 151, 163, 204, 260, 291, 300}));
  EXPECT_EQ(merge_onsets({}, 1), std::vector<double>{});
}

}  // namespace
}  // namespace viaduct::stat
