// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/false_discovery.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viaduct::stat {
namespace {

TEST(FalseDiscovery, AdjustsAsInThePaper) {
  // The fifteen p-values of the example of Benjamini and Hochberg: four are rejected at q = 0.05.
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const std::vector<double> q = benjamini_hochberg(p);
  std::vector<bool> rejected;
  rejected.reserve(q.size());
  for (const double one : q) rejected.push_back(one <= 0.05);
  std::vector<bool> expected(15, false);
  for (std::size_t i = 0; i < 4; ++i) expected[i] = true;
  EXPECT_EQ(rejected, expected);
  EXPECT_NEAR(q[3], 0.0095 * 15 / 4, 1e-12);
  EXPECT_NEAR(q[4], 0.0201 * 15 / 5, 1e-12);
}

TEST(FalseDiscovery, KeepsTheOrderGivenAndNeverFalls) {
  EXPECT_EQ(benjamini_hochberg(std::vector<double>{0.9, 0.02, 0.021}), (std::vector<double>{0.9, 0.0315, 0.0315}));
  EXPECT_EQ(benjamini_hochberg({}), std::vector<double>{});
}

}  // namespace
}  // namespace viaduct::stat
