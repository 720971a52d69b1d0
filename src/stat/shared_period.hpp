// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/period.hpp"
#include "stat/train.hpp"

#include <cstddef>
#include <span>

namespace viaduct::stat {

/// Whether lines or sites, each with a period of its own, have the same one.
struct SharedPeriod {
  std::size_t estimates = 0;
  std::size_t within = 0;  ///< whose 95 % interval holds the common period; at three sites: one configuration
  double period = 0;       ///< common: mean weighted by 1 / error^2, seconds
  double p_different = 1;  ///< P(estimates this far apart | one period), chi-squared; small: several periods
};

/// Null hypothesis: all estimates measure one period. Errors below `clock_error` (part of the period) count as that:
/// the clocks that took them are not better. Limits: not being able to tell periods apart is no proof that they are
/// one; the errors must be small against the range of 20 to 60 s.
[[nodiscard]] SharedPeriod shared_period(std::span<const PeriodEstimate> estimates, double clock_error = 1e-4);

/// How the phases of lines with a common period lie to each other, on the clock that the trains share.
struct PhaseSpread {
  std::size_t lines = 0;
  double arc = 0;  ///< the shortest piece of the period that holds the phases of all lines, seconds
  double p = 1;    ///< P(arc or less | own phases); small: the lines tick together
};

/// Null hypothesis: each line has its own phase, uniform in the period. Meaning: with a common period, a small p says
/// one clock for all (a box, the WAN); p above 5 % with many lines is the sign of a timer that each flow starts itself.
/// p = n (arc / T)^(n - 1) for n lines on an arc up to T / 2 (Stevens 1939), 1 beyond. Limit: for lines observed at the
/// same time; elsewhere the error of the period adds up from tick to tick.
[[nodiscard]] PhaseSpread phase_spread(std::span<const Train> lines, double period);

}  // namespace viaduct::stat
