// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace viaduct::stat {

/// The exact distribution of the coefficient of variation (sample standard deviation / mean) of m intervals under the
/// null hypothesis that events come at random: independent exponential intervals, or, which is the same once divided by
/// their mean, the spacings of uniform points. No simulation: the divided intervals are uniform on a simplex, so small
/// values are the volume of a ball (closed form), and all others follow by an integral from m - 1 to m. Relative error
/// under 1e-3 down to the smallest p. Above kExact intervals log CV is taken as normal with variance 1/m, which is
/// conservative. Rows are computed when first needed and kept, so one object serves all calls, but one thread only.
class IntervalNull {
 public:
  static constexpr std::size_t kExact = 120;

  /// P(CV <= cv) for m intervals; 1 for m < 2.
  [[nodiscard]] double p_value(double cv, std::size_t m);

 private:
  static constexpr std::size_t kPoints = 400;
  using Row = std::array<double, kPoints>;  ///< log P at equal steps of log CV

  [[nodiscard]] double log_p(double cv, std::size_t m) const;
  [[nodiscard]] double next_p(double cv, std::size_t m) const;
  void reserve(std::size_t m);

  std::vector<Row> rows_;  ///< m = 3, 4, …
};

/// Test A. How regular the intervals between onsets are.
struct Regularity {
  std::size_t intervals = 0;  ///< m
  double mean = 0;            ///< of the intervals, with the dead time, seconds
  double deviation = 0;       ///< sample standard deviation, seconds
  double cv = 0;              ///< deviation / (mean - dead time); 0 for m < 2
  double p = 1;               ///< P(CV this small | random); 1 for m < 3
};

/// Test A on ascending onsets. `dead_time`: onsets closer than this were merged, so every interval is at least as long;
/// it is subtracted. Meaning: a small p says that a timer restarts after each event or ticks through; wins over the
/// scan with large jitter. Limits: one missed or foreign event among few ruins it (filter by gap class before); it says
/// nothing of the period but its mean. Source: Cox and Lewis 1966, 6.3 (departures from a Poisson process); the
/// critical values are in the test.
[[nodiscard]] Regularity regularity(std::span<const double> onsets, double dead_time, IntervalNull& null);

}  // namespace viaduct::stat
