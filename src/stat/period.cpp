// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/period.hpp"

#include "stat/rayleigh.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::stat {
namespace {

constexpr double kOutside = 0.05;
/// Each round takes the ticks from a better period; the third changes nothing but in long calls.
constexpr int kRounds = 4;

/// Sums over the onsets of one or more calls, the ticks and times of each taken from its own mean.
struct Fit {
  std::size_t onsets = 0;
  std::size_t calls = 0;
  double ticks = 0;  ///< sum of squares
  double times = 0;
  double products = 0;

  void add(const Train& call, double period);
  [[nodiscard]] double slope() const { return products / ticks; }
};

void Fit::add(const Train& call, double period) {
  const double phase = rayleigh(call.onsets, call.start, period).phase;
  const auto each = [&](auto&& use) {
    for (const double onset : call.onsets) {
      const double place = (onset - call.start - phase) / period;
      const double tick = std::round(place);
      if (std::abs(place - tick) <= 0.25) use(tick, onset - call.start);
    }
  };
  std::size_t n = 0;
  double mean_tick = 0;
  double mean_time = 0;
  each([&](double tick, double time) {
    ++n;
    mean_tick += tick;
    mean_time += time;
  });
  if (n < 2) return;
  mean_tick /= static_cast<double>(n);
  mean_time /= static_cast<double>(n);
  each([&](double tick, double time) {
    ticks += (tick - mean_tick) * (tick - mean_tick);
    times += (time - mean_time) * (time - mean_time);
    products += (tick - mean_tick) * (time - mean_time);
  });
  onsets += n;
  ++calls;
}

PeriodEstimate with_interval(PeriodEstimate estimate, double freedom) {
  const double half = student_two_sided(kOutside, freedom) * estimate.error;
  estimate.low = estimate.period - half;
  estimate.high = estimate.period + half;
  return estimate;
}

}  // namespace

std::optional<PeriodEstimate> estimate_period(std::span<const Train> calls, double about) {
  if (about <= 0) return std::nullopt;
  Fit fit;
  double period = about;
  for (int round = 0; round < kRounds; ++round) {
    fit = {};
    for (const Train& call : calls) fit.add(call, period);
    // One period and a phase for each call are taken from the onsets.
    if (fit.onsets < std::max<std::size_t>(3, fit.calls + 2) || fit.ticks <= 0 || fit.slope() <= 0) return std::nullopt;
    period = fit.slope();
  }
  const auto freedom = static_cast<double>(fit.onsets - fit.calls - 1);
  const double residual = std::max(0.0, fit.times - fit.products * fit.slope());
  PeriodEstimate estimate{.period = fit.slope(), .jitter = std::sqrt(residual / freedom), .used = fit.onsets};
  estimate.error = estimate.jitter / std::sqrt(fit.ticks);
  return with_interval(estimate, freedom);
}

std::optional<PeriodEstimate> interval_period(const Regularity& intervals) {
  if (intervals.intervals < 2) return std::nullopt;
  const auto m = static_cast<double>(intervals.intervals);
  PeriodEstimate estimate{.period = intervals.mean,
                          .error = intervals.deviation / std::sqrt(m),
                          .jitter = intervals.deviation,
                          .used = intervals.intervals};
  return with_interval(estimate, m - 1);
}

std::optional<TimerMatch> match_timer(const PeriodEstimate& estimate, std::span<const double> timers,
                                      double tolerance) {
  std::optional<TimerMatch> match;
  for (std::size_t i = 0; i < timers.size(); ++i) {
    const double slack = tolerance * timers[i];
    if (timers[i] < estimate.low - slack || timers[i] > estimate.high + slack) continue;
    if (!match) match = TimerMatch{.nearest = i};
    ++match->matching;
    if (std::abs(timers[i] - estimate.period) < std::abs(timers[match->nearest] - estimate.period)) match->nearest = i;
  }
  return match;
}

}  // namespace viaduct::stat
