// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/pooled_scan.hpp"

#include "stat/simulation.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kFewestTrials = 400;
constexpr double kMostTrials = 100000;
/// So many trials above z are enough to know p.
constexpr std::size_t kEnoughAbove = 200;
/// Of so many highest trials the lowest is known well enough to extrapolate from.
constexpr std::size_t kReference = 30;

bool counts(const Train& call) {
  return call.onsets.size() >= 2 && call.length() >= kLongestPeriod && call.length() <= kLongestObserved;
}

/// What of a call the null distribution depends on.
using Shape = std::pair<std::size_t, double>;

std::vector<Shape> shapes_of(std::span<const Train> calls) {
  std::vector<Shape> shapes;
  for (const Train& call : calls) {
    if (counts(call)) shapes.emplace_back(call.onsets.size(), call.length());
  }
  // The same calls in another order are to get the same numbers of the generator.
  std::ranges::sort(shapes);
  return shapes;
}

void simulate(const std::vector<Shape>& shapes, SimulationCost cost, RayleighSpectrum& spectrum, PooledScan& result) {
  const double trial = static_cast<double>(result.onsets * spectrum.grid().count);
  const auto trials = static_cast<std::size_t>(std::clamp(cost.rotations / trial, kFewestTrials, kMostTrials));
  std::vector<double> highest;
  highest.reserve(trials);
  std::vector<double> room(std::ranges::max(shapes).first);
  Random random(cost.seed);
  std::size_t above = 0;
  while (highest.size() < trials && above < kEnoughAbove) {
    spectrum.clear();
    for (const auto& [onsets, observed] : shapes) {
      add_random_call(spectrum, random, observed, std::span(room).first(onsets));
    }
    highest.push_back(spectrum.highest());
    if (highest.back() >= result.z) ++above;
  }
  result.trials = highest.size();
  const auto made = static_cast<double>(highest.size());
  if (above >= kReference) {
    result.p = static_cast<double>(above) / made;
    return;
  }
  const auto reference = highest.begin() + kReference - 1;
  std::nth_element(highest.begin(), reference, highest.end(), std::greater());
  const auto k = static_cast<double>(shapes.size());
  result.p = kReference / made * gamma_upper(k, result.z) / gamma_upper(k, *reference);
}

}  // namespace

PooledScan pooled_scan(std::span<const Train> calls, SimulationCost cost) {
  PooledScan result;
  const std::vector<Shape> shapes = shapes_of(calls);
  if (shapes.empty()) return result;
  double longest = 0;
  for (const auto& [onsets, observed] : shapes) {
    longest = std::max(longest, observed);
    result.onsets += onsets;
  }
  result.calls = shapes.size();
  RayleighSpectrum spectrum(frequency_grid(longest));
  for (const Train& call : calls) {
    if (counts(call)) spectrum.add(call.onsets, call.start);
  }
  result.z = spectrum.highest();
  result.period = spectrum.longest_period();
  if (result.calls >= kPooledCalls) simulate(shapes, cost, spectrum, result);
  return result;
}

}  // namespace viaduct::stat
