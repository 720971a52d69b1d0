// SPDX-License-Identifier: GPL-2.0-or-later
// How often the tests for a period are right, and how often chance passes them.
#include "stat/periodicity.hpp"
#include "stat/random.hpp"
#include "stat/scan_simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kObserved = 300;

/// A clock that ticks through, from a random phase, and what disturbs its events.
struct Clock {
  double period;
  double jitter;
  double missed = 0;
  int foreign = 0;
};

void simulate(const Clock& clock, Random& random, std::vector<double>& onsets) {
  onsets.clear();
  double tick = clock.period * random.uniform();
  while (tick < kObserved) {
    if (random.uniform() >= clock.missed)
      onsets.push_back(std::clamp(tick + clock.jitter * random.normal(), 0.0, kObserved));
    tick += clock.period;
  }
  for (int i = 0; i < clock.foreign; ++i) onsets.push_back(kObserved * random.uniform());
  std::ranges::sort(onsets);
}

struct Power {
  double scan = 0;
  double intervals = 0;
};

Power power(const Clock& clock, int trials) {
  Random random(2024);
  IntervalNull null;
  std::vector<double> onsets;
  Power result;
  for (int trial = 0; trial < trials; ++trial) {
    simulate(clock, random, onsets);
    const Scan found = scan({onsets, 0, kObserved});
    // The simulation of the table let four onsets in, with a limit of 3.97; scan_p does not.
    if (found.p < 0.01 || (onsets.size() == 4 && found.z > 3.97)) result.scan += 1.0 / trials;
    if (regularity(onsets, 0, null).p < 0.01) result.intervals += 1.0 / trials;
  }
  return result;
}

TEST(PeriodPower, IsThatOfTheTable) {
  struct Row {
    const char* what;
    double jitter, missed;
    int foreign;
    Power at[4];  ///< T = 20, 30, 45, 60
  };
  // From another simulation, at 1 % and 300 s.
  const Row rows[] = {{"jitter 0.5 s", 0.5, 0, 0, {{1, 1}, {1, 1}, {1, 1}, {1, 1}}},
                      {"jitter 2 s", 2, 0, 0, {{.98, 1}, {.99, 1}, {.93, 1}, {.53, 1}}},
                      {"jitter 4 s", 4, 0, 0, {{.09, 1}, {.30, 1}, {.29, 1}, {.08, .99}}},
                      {"jitter 2 s, 20 % missed", 2, 0.2, 0, {{.85, .73}, {.80, .62}, {.52, .39}, {.24, .48}}},
                      {"jitter 0.5 s, 3 foreign", 0.5, 0, 3, {{1, 1}, {.62, .91}, {.30, .09}, {.17, .02}}}};
  const double periods[] = {20, 30, 45, 60};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < 4; ++i) {
      const Power found = power({periods[i], row.jitter, row.missed, row.foreign}, 2000);
      std::printf("%-24s T=%2.0f  %.2f/%.2f  (%.2f/%.2f)\n", row.what, periods[i], found.scan, found.intervals,
                  row.at[i].scan, row.at[i].intervals);
      EXPECT_NEAR(found.scan, row.at[i].scan, 0.05) << row.what << ", T = " << periods[i];
      EXPECT_NEAR(found.intervals, row.at[i].intervals, 0.05) << row.what << ", T = " << periods[i];
    }
  }
}

/// Three standard deviations of the number of false alarms above the level.
double highest_rate(double level, int calls) {
  return level + 3 * std::sqrt(level / calls);
}

TEST(PeriodFalseAlarms, StayAtTheLevel) {
  constexpr int kCalls = 400000;
  Random random(77);
  IntervalNull null;
  std::vector<double> onsets;
  int scan_one = 0, scan_tenth = 0, intervals_one = 0, intervals_tenth = 0, periodic = 0, suspected = 0;
  for (int call = 0; call < kCalls; ++call) {
    const double observed = 120 + 780 * random.uniform();
    onsets.resize(5 + random.next() % 16);
    for (double& onset : onsets) onset = observed * random.uniform();
    std::ranges::sort(onsets);
    const CallPeriodicity judged = judge_call({onsets, 0, observed}, 0, null);
    scan_one += judged.scan.p < 0.01;
    scan_tenth += judged.scan.p < 0.001;
    intervals_one += judged.intervals.p < 0.01;
    intervals_tenth += judged.intervals.p < 0.001;
    periodic += judged.statement == Periodicity::periodic;
    suspected += judged.statement == Periodicity::suspected;
  }
  const auto rate = [](int alarms) { return alarms / static_cast<double>(kCalls); };
  std::printf("of %d calls: scan %.5f at 1 %%, %.5f at 0.1 %%; intervals %.5f, %.5f; periodic %.5f, suspected %.5f\n",
              kCalls, rate(scan_one), rate(scan_tenth), rate(intervals_one), rate(intervals_tenth), rate(periodic),
              rate(suspected));
  EXPECT_LE(rate(scan_one), highest_rate(0.01, kCalls));
  EXPECT_LE(rate(scan_tenth), highest_rate(0.001, kCalls));
  EXPECT_LE(rate(intervals_one), highest_rate(0.01, kCalls));
  EXPECT_LE(rate(intervals_tenth), highest_rate(0.001, kCalls));
  EXPECT_GE(rate(scan_tenth), 0.0004) << "a level that chance never reaches has no power";
  EXPECT_GE(rate(intervals_tenth), 0.0004);
  EXPECT_LE(rate(periodic), highest_rate(0.011, kCalls));
}

TEST(PeriodFalseAlarms, OfPoolsStayAtTheLevel) {
  constexpr int kPools = 6000;
  Random random(78);
  int one = 0, tenth = 0;
  for (int pool = 0; pool < kPools; ++pool) {
    std::vector<std::vector<double>> onsets(3 + random.next() % 4, std::vector<double>(4));
    std::vector<Train> calls;
    for (auto& own : onsets) {
      for (double& onset : own) onset = 180 * random.uniform();
      std::ranges::sort(own);
      calls.push_back({own, 0, 180});
    }
    // Another seed for each pool: else all pools would share the error of one simulation.
    const double p = pooled_scan(calls, {.rotations = 3e6, .seed = random.next()}).p;
    one += p < 0.01;
    tenth += p < 0.001;
  }
  std::printf("of %d pools: %.5f at 1 %%, %.5f at 0.1 %%\n", kPools, one / double{kPools}, tenth / double{kPools});
  EXPECT_LE(one / double{kPools}, highest_rate(0.01, kPools));
  EXPECT_LE(tenth / double{kPools}, highest_rate(0.001, kPools));
}

TEST(PooledPower, IsThatOfTheTable) {
  struct Case {
    std::size_t calls;
    double jitter, power;
  };
  for (const auto& [calls, jitter, expected] : {Case{3, 2, 1.0}, Case{3, 4, 0.77}, Case{5, 4, 0.99}}) {
    Random random(79);
    int found = 0;
    constexpr int kTrials = 400;
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<std::vector<double>> onsets(calls);
      std::vector<Train> trains;
      for (auto& own : onsets) {
        const double phase = 45 * random.uniform();
        for (int tick = 0; tick < 4; ++tick) {
          own.push_back(std::clamp(phase + 45 * tick + jitter * random.normal(), 0.0, 180.0));
        }
        std::ranges::sort(own);
        trains.push_back({own, 0, 180});
      }
      if (pooled_scan(trains, {.rotations = 3e6}).p < 0.01) ++found;
    }
    std::printf("pooled K=%zu jitter %.0f s: %.2f (%.2f)\n", calls, jitter, found / double{kTrials}, expected);
    EXPECT_NEAR(found / double{kTrials}, expected, 0.06);
  }
}

TEST(ScanTable, AgreesWithANewSimulation) {
  for (const std::size_t row : {0U, 4U, 7U}) {
    for (const std::size_t column : {0U, 3U, 8U}) {
      const ScanLimits again = simulate_limits(kTableOnsets[column], kTableObserved[row], 2, 5e7);
      for (std::size_t level = 0; level < 11; ++level) {
        const double p = scan_p(static_cast<double>(again[level]), kTableOnsets[column], kTableObserved[row]);
        // Both simulations have 20 000 trials at least.
        EXPECT_NEAR(p, kTableLevels[level], 5 * std::sqrt(2 * kTableLevels[level] / 20000))
            << kTableOnsets[column] << " onsets, " << kTableObserved[row] << " s";
      }
    }
  }
}

}  // namespace
}  // namespace viaduct::stat
