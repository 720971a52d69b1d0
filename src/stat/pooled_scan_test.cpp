// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/pooled_scan.hpp"

#include "stat/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace viaduct::stat {
namespace {

/// Calls of 180 s with four onsets each: a clock of 45 s with that jitter and a phase per call, or chance.
struct Calls {
  std::vector<std::vector<double>> onsets;
  std::vector<Train> trains;

  Calls(std::size_t count, double jitter, std::uint64_t seed, bool ticking = true) {
    Random random(seed);
    for (std::size_t call = 0; call < count; ++call) {
      std::vector<double> own;
      const double phase = 45 * random.uniform();
      for (int tick = 0; tick < 4; ++tick) {
        const double at = ticking ? phase + 45 * tick + jitter * random.normal() : 180 * random.uniform();
        own.push_back(std::clamp(at, 0.0, 180.0));
      }
      std::ranges::sort(own);
      onsets.push_back(own);
    }
    for (const auto& own : onsets) trains.push_back({.onsets = own, .start = 0, .end = 180});
  }
};

TEST(PooledScan, ThreeCallsProveWhatNoneOfThemCan) {
  const Calls calls(3, 2, 7);
  const PooledScan pooled = pooled_scan(calls.trains, {.rotations = 2e7});
  EXPECT_EQ(pooled.calls, 3U);
  EXPECT_EQ(pooled.onsets, 12U);
  EXPECT_NEAR(pooled.period, 45, 2);
  EXPECT_LT(pooled.p, 0.01);
  EXPECT_EQ(pooled_scan(std::span(calls.trains).first(2)).p, 1) << "two calls are not pooled";
}

TEST(PooledScan, OrderOfTheCallsDoesNotMatter) {
  const Calls calls(6, 4, 8);
  std::vector<Train> turned = calls.trains;
  std::ranges::reverse(turned);
  const PooledScan one = pooled_scan(calls.trains, {.rotations = 2e6});
  const PooledScan other = pooled_scan(turned, {.rotations = 2e6});
  EXPECT_NEAR(one.z, other.z, 1e-9);
  EXPECT_EQ(one.p, other.p);
}

TEST(PooledScan, LeavesOutWhatTellsNothing) {
  const std::vector<double> one = {50};
  const std::vector<double> two = {3, 33};
  const std::vector<Train> trains = {{one, 0, 180}, {two, 0, 180}, {two, 0, 40}, {two, 0, 1e9}};
  const PooledScan pooled = pooled_scan(trains);
  EXPECT_EQ(pooled.calls, 1U);
  EXPECT_EQ(pooled.p, 1);
  EXPECT_EQ(pooled_scan({}).p, 1);
}

TEST(PooledScan, HasTheLimitsOfAnotherSimulation) {
  // Chance in four onsets of 180 s exceeds these in 1 %.
  for (const auto& [count, limit] : {std::pair{3U, 9.2}, std::pair{5U, 12.5}, std::pair{10U, 20.5}}) {
    RayleighSpectrum spectrum(frequency_grid(180));
    Random random(5);
    std::vector<double> onsets(4);
    int above = 0;
    for (int trial = 0; trial < 5000; ++trial) {
      spectrum.clear();
      for (std::size_t call = 0; call < count; ++call) add_random_call(spectrum, random, 180, onsets);
      if (spectrum.highest() >= limit) ++above;
    }
    EXPECT_NEAR(above / 5000.0, 0.01, 0.006) << count;
  }
}

TEST(PooledScan, ManyCallsOfWeakPattern) {
  const Calls calls(200, 9, 11);
  const PooledScan pooled = pooled_scan(calls.trains, {.rotations = 1e6});
  EXPECT_EQ(pooled.trials, 400U);
  EXPECT_LT(pooled.p, 1e-4);
  EXPECT_NEAR(pooled.period, 45, 3);
  const Calls chance(200, 0, 12, false);
  EXPECT_GT(pooled_scan(chance.trains, {.rotations = 1e6}).p, 0.01);
}

}  // namespace
}  // namespace viaduct::stat
