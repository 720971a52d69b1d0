// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/periodicity.hpp"

#include <algorithm>

namespace viaduct::stat {
namespace {

/// A test that convinces below `sure` and makes suspicious below `likely`.
Periodicity level(double p, double sure, double likely) {
  if (p < sure) return Periodicity::periodic;
  return p < likely ? Periodicity::suspected : Periodicity::no_statement;
}

Periodicity decide(const Regularity& intervals) {
  return intervals.intervals < kFewestIntervals ? Periodicity::no_statement : level(intervals.p, 0.01, 0.05);
}

Periodicity decide(const Scan& scan) {
  return scan.onsets < kFewestOnsets ? Periodicity::no_statement : level(scan.p, 0.001, 0.01);
}

}  // namespace

Periodicity decide(const Regularity& intervals, const Scan& scan) {
  return std::max(decide(intervals), decide(scan));
}

Periodicity decide(const PooledScan& pooled) {
  return pooled.calls < kPooledCalls ? Periodicity::no_statement : level(pooled.p, 0.001, 0.01);
}

CallPeriodicity judge_call(const Train& call, double dead_time, IntervalNull& null) {
  CallPeriodicity result;
  result.intervals = regularity(call.onsets, dead_time, null);
  result.scan = scan(call);
  result.statement = decide(result.intervals, result.scan);
  if (result.statement == Periodicity::no_statement) return result;
  if (decide(result.scan) == result.statement) result.period = estimate_period({&call, 1}, result.scan.period);
  if (!result.period) result.period = interval_period(result.intervals);
  return result;
}

PoolPeriodicity judge_pool(std::span<const Train> calls, SimulationCost cost) {
  PoolPeriodicity result;
  result.scan = pooled_scan(calls, cost);
  result.statement = decide(result.scan);
  if (result.statement != Periodicity::no_statement) result.period = estimate_period(calls, result.scan.period);
  return result;
}

}  // namespace viaduct::stat
