// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/periodicity.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viaduct::stat {
namespace {

using enum Periodicity;

TEST(Periodicity, IsDecidedByLevelAndNumber) {
  struct Case {
    std::size_t m;
    double p_intervals;
    std::size_t n;
    double p_scan;
    Periodicity expected;
  };
  for (const auto& [m, p_intervals, n, p_scan, expected] : {
           Case{4, 0.0099, 5, 1, periodic},
           Case{4, 0.0101, 5, 1, suspected},
           Case{4, 0.0501, 5, 1, no_statement},
           Case{3, 0.0000, 4, 0, no_statement},  // four drop-outs
           Case{5, 1, 6, 0.0009, periodic},
           Case{5, 1, 6, 0.0011, suspected},
           Case{5, 1, 6, 0.0101, no_statement},
           Case{4, 1, 5, 0.0000, no_statement},
           Case{9, 0.03, 10, 0.0005, periodic},
           Case{9, 0.03, 10, 0.005, suspected},
       }) {
    EXPECT_EQ(decide(Regularity{.intervals = m, .p = p_intervals}, Scan{.onsets = n, .p = p_scan}), expected)
        << m << ' ' << p_intervals << ' ' << n << ' ' << p_scan;
  }
  EXPECT_EQ(decide(PooledScan{.calls = 3, .p = 0.0009}), periodic);
  EXPECT_EQ(decide(PooledScan{.calls = 3, .p = 0.0011}), suspected);
  EXPECT_EQ(decide(PooledScan{.calls = 3, .p = 0.0101}), no_statement);
  EXPECT_EQ(decide(PooledScan{.calls = 2, .p = 0}), no_statement);
}

CallPeriodicity judged(const std::vector<double>& onsets, double end) {
  IntervalNull null;
  return judge_call({.onsets = onsets, .start = 0, .end = end}, 0, null);
}

TEST(Periodicity, FourPerfectDropOutsAreNoStatement) {
  const CallPeriodicity call = judged({30, 60, 90, 120}, 300);
  EXPECT_EQ(call.statement, no_statement);
  EXPECT_FALSE(call.period);
}

TEST(Periodicity, ATickingClockIsEstimatedByRegression) {
  const CallPeriodicity call = judged({12, 42.2, 101.9, 132, 222.1, 251.8, 282}, 300);
  EXPECT_EQ(call.statement, periodic);
  ASSERT_TRUE(call.period);
  EXPECT_NEAR(call.period->period, 30, 0.05);
  EXPECT_EQ(call.period->used, 7U);
}

TEST(Periodicity, ARestartingTimerIsFoundByItsIntervals) {
  // The intervals grow from 25 to 46 s: no phase survives.
  const CallPeriodicity call = judged({5, 30, 58, 89, 123, 160, 200, 243, 289}, 300);
  EXPECT_GT(call.scan.p, 0.01);
  EXPECT_EQ(call.statement, periodic);
  ASSERT_TRUE(call.period);
  EXPECT_NEAR(call.period->period, 35.5, 1e-9);
  EXPECT_EQ(call.period->used, 8U) << "intervals";
}

TEST(Periodicity, PooledCallsWithOwnPhases) {
  const std::vector<double> a = {3, 33, 63, 93}, b = {17, 47, 107, 137}, c = {28, 58, 88, 118}, d = {9, 39, 99, 159};
  const std::vector<Train> calls = {{a, 0, 180}, {b, 0, 180}, {c, 0, 180}, {d, 0, 180}};
  const PoolPeriodicity pool = judge_pool(calls, {.rotations = 3e7});
  EXPECT_EQ(pool.statement, periodic);
  ASSERT_TRUE(pool.period);
  EXPECT_NEAR(pool.period->period, 30, 1e-6);
  EXPECT_EQ(judge_pool(std::span(calls).first(2)).statement, no_statement);
}

}  // namespace
}  // namespace viaduct::stat
