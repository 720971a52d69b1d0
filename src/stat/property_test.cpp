// SPDX-License-Identifier: GPL-2.0-or-later
// What holds for all numbers: every p lies in [0, 1], and nothing depends on where time begins.
#include "stat/coincidence.hpp"
#include "stat/congestion.hpp"
#include "stat/coupling.hpp"
#include "stat/false_discovery.hpp"
#include "stat/periodicity.hpp"
#include "stat/shared_period.hpp"
#include "stat/tails.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kObserved = 300;
/// Binary fractions, so that adding this to them loses nothing.
constexpr double kLater = 1048576;

/// Onsets in [0, 300] in steps of 1/64 s, equal ones among them.
std::vector<double> onsets_of(const std::vector<int>& steps) {
  std::vector<double> onsets(steps.size());
  std::ranges::transform(steps, onsets.begin(), [](int step) { return step / 64.0; });
  std::ranges::sort(onsets);
  return onsets;
}

rc::Gen<std::vector<double>> any_onsets() {
  return rc::gen::map(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 300 * 64 + 1)), onsets_of);
}

std::vector<double> later(std::vector<double> onsets) {
  for (double& onset : onsets) onset += kLater;
  return onsets;
}

void is_probability(double p) {
  RC_ASSERT(p >= 0 && p <= 1);
}

RC_GTEST_PROP(StatProperty, OneCallDoesNotDependOnTheOriginOfTime, ()) {
  const std::vector<double> onsets = *any_onsets();
  const std::vector<double> moved = later(onsets);
  static IntervalNull null;
  const CallPeriodicity call = judge_call({onsets, 0, kObserved}, 0.5, null);
  const CallPeriodicity same = judge_call({moved, kLater, kLater + kObserved}, 0.5, null);
  is_probability(call.intervals.p);
  is_probability(call.scan.p);
  RC_ASSERT(call.intervals.p == same.intervals.p);
  RC_ASSERT(call.scan.p == same.scan.p);
  RC_ASSERT(call.statement == same.statement);
  RC_ASSERT(onsets.size() > 4 || call.statement == Periodicity::no_statement);
  RC_ASSERT(call.scan.z <= static_cast<double>(onsets.size()) + 1e-9);
}

RC_GTEST_PROP(StatProperty, RegularityDependsOnTheIntervalsInAnyOrder, ()) {
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4096));
  const auto train = [](const std::vector<int>& intervals) {
    std::vector<double> onsets = {0};
    for (const int step : intervals) onsets.push_back(onsets.back() + step / 64.0);
    return onsets;
  };
  std::vector<int> sorted = steps;
  std::ranges::sort(sorted);
  IntervalNull null;
  const double one = regularity(train(steps), 0, null).p;
  const double other = regularity(train(sorted), 0, null).p;
  RC_ASSERT(std::abs(one - other) <= 1e-9 * std::max(one, 1e-12) + 1e-15);
}

RC_GTEST_PROP(StatProperty, PoolDoesNotDependOnOrderOrOrigin, ()) {
  const std::vector<double> a = *any_onsets();
  const std::vector<double> b = *any_onsets();
  const std::vector<double> c = *any_onsets();
  const std::vector<double> b_later = later(b);
  const std::vector<Train> pool = {{a, 0, kObserved}, {b, 0, kObserved}, {c, 0, kObserved}};
  const std::vector<Train> same = {{c, 0, kObserved}, {a, 0, kObserved}, {b_later, kLater, kLater + kObserved}};
  const PooledScan one = pooled_scan(pool, {.rotations = 0});
  const PooledScan other = pooled_scan(same, {.rotations = 0});
  is_probability(one.p);
  RC_ASSERT(std::abs(one.z - other.z) < 1e-6);
  RC_ASSERT(std::abs(one.p - other.p) < 0.01);
}

RC_GTEST_PROP(StatProperty, CouplingAndCoincidenceGiveProbabilities, ()) {
  const std::vector<double> a = *any_onsets();
  const std::vector<double> b = *any_onsets();
  const CoupledTrain call{{a, 0, kObserved}, b};
  const Coupling coupled = coupling({&call, 1}, 3, {.count = 20});
  is_probability(coupled.p);
  is_probability(coupled.p_shifted);
  is_probability(coupled.covered);
  RC_ASSERT(coupled.inside <= coupled.onsets);
  static IntervalNull null;
  const std::vector<Train> lines = {{a, 0, kObserved}, {b, 0, kObserved}};
  const std::vector<Train> turned = {lines[1], lines[0]};
  const Coincidence found = same_instant(lines, 1, null, {.count = 20});
  is_probability(found.p_poisson);
  is_probability(found.p_shifted);
  RC_ASSERT(found.pairs == same_instant(turned, 1, null, {.count = 0}).pairs);
  is_probability(phase_spread(lines, 30).p);
}

RC_GTEST_PROP(StatProperty, TailsAreProbabilitiesAndFall, ()) {
  const double a = *rc::gen::inRange(1, 400000) / 256.0;
  const double x = *rc::gen::inRange(0, 400000) / 256.0;
  is_probability(gamma_upper(a, x));
  RC_ASSERT(gamma_upper(a, x + 1) <= gamma_upper(a, x) + 1e-12);
  RC_ASSERT(std::abs(gamma_upper(a, x) + gamma_lower(a, x) - 1) < 1e-10);
  const auto n = static_cast<std::uint64_t>(*rc::gen::inRange(1, 3000));
  const auto k = static_cast<std::uint64_t>(*rc::gen::inRange(0, 3000));
  const double p = *rc::gen::inRange(0, 1025) / 1024.0;
  is_probability(binomial_upper(k, n, p));
  RC_ASSERT(binomial_upper(k + 1, n, p) <= binomial_upper(k, n, p) + 1e-12);
}

RC_GTEST_PROP(StatProperty, FalseDiscoveryKeepsTheOrderOfThePValues, ()) {
  const auto raw = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1025));
  std::vector<double> p(raw.size());
  std::ranges::transform(raw, p.begin(), [](int one) { return one / 1024.0; });
  const std::vector<double> q = benjamini_hochberg(p);
  for (std::size_t i = 0; i < p.size(); ++i) {
    RC_ASSERT(q[i] >= p[i] && q[i] <= 1);
    for (std::size_t j = 0; j < p.size(); ++j) RC_ASSERT(p[i] > p[j] || q[i] <= q[j]);
  }
}

RC_GTEST_PROP(StatProperty, CongestionTakesAnyDelays, ()) {
  const auto delays = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 500));
  std::vector<Transit> packets;
  for (const int delay : delays) {
    const double sent = 0.02 * static_cast<double>(packets.size());
    const double arrival = std::max(sent + delay / 1000.0, packets.empty() ? 0 : packets.back().arrival);
    packets.push_back({.arrival = arrival, .media = sent});
  }
  std::vector<double> relative(packets.size());
  relative_transit(packets, relative);
  for (const double value : relative) RC_ASSERT(value >= 0);
  const std::vector<LossRun> losses = {{.at = 0.3, .packets = 2}, {.at = 0.9, .packets = 1}};
  const Congestion found = congestion(packets, relative, relative, losses);
  is_probability(found.p_trend);
  is_probability(found.runs.p_longest);
  RC_ASSERT(packets.empty() || found.in_spikes + found.outside == 3);
}

}  // namespace
}  // namespace viaduct::stat
