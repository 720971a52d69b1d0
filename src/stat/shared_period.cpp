// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/shared_period.hpp"

#include "stat/rayleigh.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace viaduct::stat {

SharedPeriod shared_period(std::span<const PeriodEstimate> estimates, double clock_error) {
  SharedPeriod result{.estimates = estimates.size()};
  if (estimates.empty()) return result;
  const auto error_of = [&](const PeriodEstimate& one) { return std::max(one.error, clock_error * one.period); };
  double weights = 0;
  double sum = 0;
  for (const PeriodEstimate& one : estimates) {
    const double weight = 1 / (error_of(one) * error_of(one));
    weights += weight;
    sum += weight * one.period;
  }
  result.period = sum / weights;
  double chi_squared = 0;
  for (const PeriodEstimate& one : estimates) {
    const double off = (one.period - result.period) / error_of(one);
    chi_squared += off * off;
    const double slack = clock_error * one.period;
    if (one.low - slack <= result.period && result.period <= one.high + slack) ++result.within;
  }
  if (estimates.size() > 1) {
    result.p_different = chi_squared_upper(chi_squared, static_cast<double>(estimates.size() - 1));
  }
  return result;
}

PhaseSpread phase_spread(std::span<const Train> lines, double period) {
  PhaseSpread result;
  std::vector<double> phases;
  for (const Train& line : lines) {
    // One origin for all lines: the phase is on their common clock.
    if (!line.onsets.empty()) phases.push_back(rayleigh(line.onsets, lines.front().start, period).phase);
  }
  result.lines = phases.size();
  if (phases.size() < 2 || period <= 0) return result;
  std::ranges::sort(phases);
  double widest = phases.front() + period - phases.back();
  for (std::size_t i = 1; i < phases.size(); ++i) widest = std::max(widest, phases[i] - phases[i - 1]);
  result.arc = std::max(0.0, period - widest);
  if (result.arc > period / 2) return result;
  const auto n = static_cast<double>(phases.size());
  result.p = std::min(1.0, n * std::pow(result.arc / period, n - 1));
  return result;
}

}  // namespace viaduct::stat
