// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/regularity.hpp"
#include "stat/train.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace viaduct::stat {

/// A period with its 95 % interval, seconds.
struct PeriodEstimate {
  double period = 0;
  double low = 0;
  double high = 0;
  double error = 0;      ///< standard error
  double jitter = 0;     ///< standard deviation of the onsets about their ticks, or of the intervals
  std::size_t used = 0;  ///< onsets, or intervals

  [[nodiscard]] bool contains(double seconds) const { return low <= seconds && seconds <= high; }
};

/// Regression of the onsets on the number of their tick, with one period for all calls and each call's own phase.
/// `about`: the period that a scan found. Missing events are skipped ticks; onsets farther than a quarter of the period
/// from their tick are foreign and left out. Meaning: for n onsets without a gap var(T) = 12 s^2 / (n (n^2 - 1)).
/// Interval by Student's t. Nothing if fewer than three onsets, or one freedom, remain. Limits: for a clock that ticks
/// through; one that starts anew after each event drifts away from its tick (use interval_period). Only meaningful
/// after a test has rejected chance.
[[nodiscard]] std::optional<PeriodEstimate> estimate_period(std::span<const Train> calls, double about);

/// The mean interval, for a timer that starts anew after each event: what Test A has found and the scan has not.
/// Nothing for less than two intervals.
[[nodiscard]] std::optional<PeriodEstimate> interval_period(const Regularity& intervals);

/// Which of the known timers (30, 32, 40, 60 s, half of an Expires …) a period may be.
struct TimerMatch {
  std::size_t nearest = 0;   ///< index into the list
  std::size_t matching = 0;  ///< how many of the list fit: more than 1 is an ambiguity to be told
  friend bool operator==(const TimerMatch&, const TimerMatch&) = default;
};

/// A timer fits if it lies in the 95 % interval, widened by `tolerance` of the timer for clocks that are not exact.
[[nodiscard]] std::optional<TimerMatch> match_timer(const PeriodEstimate& estimate, std::span<const double> timers,
                                                    double tolerance = 0.005);

}  // namespace viaduct::stat
