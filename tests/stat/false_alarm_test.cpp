// SPDX-License-Identifier: GPL-2.0-or-later
// How often chance passes the tests for coupling, coincidence, a common period and congestion.
#include "stat/coincidence.hpp"
#include "stat/congestion.hpp"
#include "stat/coupling.hpp"
#include "stat/random.hpp"
#include "stat/shared_period.hpp"
#include "stat/trend.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kObserved = 300;

std::vector<double> uniform(Random& random, std::size_t n) {
  std::vector<double> onsets(n);
  for (double& onset : onsets) onset = kObserved * random.uniform();
  std::ranges::sort(onsets);
  return onsets;
}

std::vector<double> ticking(Random& random, double period) {
  std::vector<double> onsets;
  double at = period * random.uniform();
  while (at < kObserved) {
    onsets.push_back(at);
    at += period;
  }
  return onsets;
}

std::vector<Train> trains_of(const std::vector<std::vector<double>>& onsets) {
  std::vector<Train> trains(onsets.size());
  std::ranges::transform(onsets, trains.begin(), [](const std::vector<double>& own) {
    return Train{own, 0, kObserved};
  });
  return trains;
}

/// Three clusters of three onsets, a second apart from each other.
std::vector<double> clustered(Random& random) {
  std::vector<double> onsets;
  for (int cluster = 0; cluster < 3; ++cluster) {
    const double at = (kObserved - 3) * random.uniform();
    for (int i = 0; i < 3; ++i) onsets.push_back(at + 1.1 * i);
  }
  std::ranges::sort(onsets);
  return onsets;
}

/// The share of trials with p below 5 %, 1 % and 0.1 %, printed; fails if one is above the level by more than three
/// standard deviations.
template <class Trial>
void expect_at_level(const char* what, int trials, Trial trial) {
  const double levels[] = {0.05, 0.01, 0.001};
  int below[3] = {};
  for (int i = 0; i < trials; ++i) {
    const double p = trial();
    for (int level = 0; level < 3; ++level) below[level] += p < levels[level];
  }
  std::printf("%-44s %d trials:", what, trials);
  for (int level = 0; level < 3; ++level) {
    const double rate = below[level] / static_cast<double>(trials);
    std::printf(" %.5f at %g %%", rate, 100 * levels[level]);
    EXPECT_LE(rate, levels[level] + 3 * std::sqrt(levels[level] / trials)) << what;
  }
  std::printf("\n");
}

TEST(FalseAlarms, OfCoupling) {
  Random random(1);
  const std::vector<double> refreshes = ticking(random, 30);
  expect_at_level("coupling, onsets at random, binomial", 40000, [&] {
    const std::vector<double> onsets = uniform(random, 8);
    const CoupledTrain call{{onsets, 0, kObserved}, refreshes};
    return coupling({&call, 1}, 3, {.count = 0}).p;
  });
  expect_at_level("coupling, two calls of the same clock, shifted", 5000, [&] {
    const std::vector<double> one = ticking(random, 30);
    const std::vector<double> two = ticking(random, 30);
    const CoupledTrain calls[] = {{{one, 0, kObserved}, refreshes}, {{two, 0, kObserved}, refreshes}};
    return coupling(calls, 3, {.count = 1999, .seed = random.next()}).p_shifted;
  });
}

TEST(FalseAlarms, OfTheSameInstant) {
  Random random(2);
  IntervalNull null;
  const auto p_of = [&](const std::vector<double>& one, const std::vector<double>& two) {
    const Train lines[] = {{one, 0, kObserved}, {two, 0, kObserved}};
    return same_instant(lines, 1, null, {.count = 1999, .seed = random.next()}).p;
  };
  expect_at_level("same instant, two lines at random", 10000,
                  [&] { return p_of(uniform(random, 10), uniform(random, 10)); });
  expect_at_level("same instant, two lines in clusters", 10000,
                  [&] { return p_of(clustered(random), clustered(random)); });
  expect_at_level("same instant, two clocks of one period", 5000,
                  [&] { return p_of(ticking(random, 30), ticking(random, 30)); });
  expect_at_level("same instant, four lines at random", 2500, [&] {
    std::vector<std::vector<double>> onsets(4);
    std::ranges::generate(onsets, [&random] { return uniform(random, 6); });
    return same_instant(trains_of(onsets), 1, null, {.count = 1999, .seed = random.next()}).p;
  });
}

TEST(FalseAlarms, OfACommonPeriodAndPhase) {
  Random random(3);
  expect_at_level("four periods that are one", 40000, [&] {
    std::vector<PeriodEstimate> sites;
    for (int site = 0; site < 4; ++site) {
      const double error = 0.05 + 0.2 * random.uniform();
      sites.push_back({.period = 30 + error * random.normal(), .error = error});
    }
    return shared_period(sites).p_different;
  });
  expect_at_level("three lines with their own phases", 40000, [&] {
    std::vector<std::vector<double>> onsets(3);
    std::ranges::generate(onsets, [&random] { return ticking(random, 30); });
    return phase_spread(trains_of(onsets), 30).p;
  });
}

TEST(FalseAlarms, OfATrend) {
  Random random(4);
  std::vector<double> window(25);
  expect_at_level("trend over 6 half seconds", 20000, [&] {
    MannKendall trend;
    for (int block = 0; block < 6; ++block) {
      for (double& value : window) value = random.uniform();
      trend.add(window);
    }
    return trend.p_rising();
  });
}

/// A minute of packets whose delay wanders as that of a busy link does, and losses that have nothing to do with it.
bool congested_by_chance(Random& random) {
  std::vector<Transit> packets;
  std::vector<LossRun> losses;
  double delay = 0.01;
  for (int i = 0; i < 3000; ++i) {
    delay = std::max(0.0, 0.98 * delay + 0.0002 + 0.002 * random.normal());
    if (i > 50 && random.uniform() < 0.005) {
      losses.push_back({.at = packets.back().arrival, .packets = 1});
      continue;
    }
    const double arrival = std::max(0.02 * i + delay, packets.empty() ? 0 : packets.back().arrival);
    packets.push_back({.arrival = arrival, .media = 0.02 * i});
  }
  std::vector<double> relative(packets.size());
  relative_transit(packets, relative);
  return congestion(packets, relative, relative, losses).present();
}

TEST(FalseAlarms, OfCongestion) {
  Random random(5);
  int seen = 0;
  for (int stream = 0; stream < 2000; ++stream) seen += congested_by_chance(random) ? 1 : 0;
  std::printf("congestion in streams with a wandering delay and unrelated losses: %.4f of 2000\n", seen / 2000.0);
  EXPECT_LE(seen / 2000.0, 0.01);
}

}  // namespace
}  // namespace viaduct::stat
