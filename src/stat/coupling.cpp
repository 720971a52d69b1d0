// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/coupling.hpp"

#include "stat/random.hpp"
#include "stat/tails.hpp"

#include <algorithm>

namespace viaduct::stat {
namespace {

/// The time within [start, end] that the union of [event, event + window] covers.
double covered_time(const CoupledTrain& call, double window) {
  double covered = 0;
  double done = call.onsets.start;
  for (const double event : call.events) {
    const double from = std::max(event, done);
    const double to = std::min(event + window, call.onsets.end);
    if (to > from) {
      covered += to - from;
      done = to;
    }
  }
  return covered;
}

bool follows(std::span<const double> events, double onset, double window) {
  const auto after = std::ranges::upper_bound(events, onset);
  return after != events.begin() && onset - *(after - 1) <= window;
}

std::size_t count_inside(const CoupledTrain& call, double window, double shift) {
  std::size_t inside = 0;
  for (const double onset : call.onsets.onsets) {
    double moved = onset + shift;
    if (moved > call.onsets.end) moved -= call.onsets.length();
    if (follows(call.events, moved, window)) ++inside;
  }
  return inside;
}

}  // namespace

Coupling coupling(std::span<const CoupledTrain> calls, double window, Shifts shifts) {
  Coupling result;
  for (const CoupledTrain& call : calls) {
    const std::size_t n = call.onsets.onsets.size();
    if (n == 0 || call.onsets.length() <= 0) continue;
    result.onsets += n;
    result.inside += count_inside(call, window, 0);
    result.covered += static_cast<double>(n) * covered_time(call, window) / call.onsets.length();
  }
  if (result.onsets == 0) return result;
  result.covered /= static_cast<double>(result.onsets);
  result.p = binomial_upper(result.inside, result.onsets, result.covered);
  Random random(shifts.seed);
  std::size_t reached = 0;
  for (std::size_t shift = 0; shift < shifts.count; ++shift) {
    std::size_t inside = 0;
    for (const CoupledTrain& call : calls) {
      if (call.onsets.length() > 0) inside += count_inside(call, window, call.onsets.length() * random.uniform());
    }
    if (inside >= result.inside) ++reached;
  }
  result.p_shifted = static_cast<double>(reached + 1) / static_cast<double>(shifts.count + 1);
  return result;
}

}  // namespace viaduct::stat
