// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/transit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kOrigin = 1.6e9;

/// One packet each 20 ms, the sender's clock slow by `skew`, with that queueing delay.
template <class Delay>
std::vector<Transit> stream(int packets, double skew, Delay delay) {
  std::vector<Transit> result;
  for (int i = 0; i < packets; ++i) {
    const double sent = 0.02 * i;
    result.push_back({.arrival = kOrigin + sent * (1 + skew) + delay(i), .media = 777 + sent});
  }
  return result;
}

TEST(Transit, SkewIsTakenOutAndQueueingStays) {
  const auto queue = [](int i) { return i % 10 == 0 ? 0.0 : 0.001 * (i % 7); };
  const auto packets = stream(3000, 1e-4, queue);
  std::vector<double> relative(packets.size());
  EXPECT_NEAR(relative_transit(packets, relative), 1e-4, 1e-7);
  for (int i = 0; i < 3000; ++i) EXPECT_NEAR(relative[static_cast<std::size_t>(i)], queue(i), 2e-5) << i;
}

TEST(Transit, AQueueThatGrowsIsNoClock) {
  const auto packets = stream(500, 0, [](int i) { return 0.0004 * i; });
  std::vector<double> relative(packets.size());
  EXPECT_DOUBLE_EQ(relative_transit(packets, relative), 5e-4);
  EXPECT_NEAR(relative.front(), 0, 1e-6);
  EXPECT_GT(relative.back(), 0.19);
}

TEST(Transit, LeastIsZeroAndNoneIsBelow) {
  const auto packets = stream(200, -2e-4, [](int i) { return 0.005 + 0.003 * std::sin(i); });
  std::vector<double> relative(packets.size());
  EXPECT_NEAR(relative_transit(packets, relative), -2e-4, 5e-5);
  double least = 1;
  for (const double value : relative) least = std::min(least, value);
  EXPECT_EQ(least, 0);
}

TEST(Transit, FewPacketsAndEqualInstants) {
  EXPECT_EQ(relative_transit({}, {}), 0);
  std::vector<double> relative(1);
  EXPECT_EQ(relative_transit(std::vector<Transit>{{5, 1}}, relative), 0);
  relative.resize(3);
  // A burst: three packets at one instant, media 20 ms apart.
  EXPECT_EQ(relative_transit(std::vector<Transit>{{5, 1}, {5, 1.02}, {5, 1.04}}, relative), 0);
  EXPECT_NEAR(relative[0], 0.04, 1e-12);
  EXPECT_NEAR(relative[2], 0, 1e-12);
}

}  // namespace
}  // namespace viaduct::stat
