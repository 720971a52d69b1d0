// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

namespace viaduct::stat {

/// The value below which `part` (0 to 1) of the values lie, interpolated between neighbours (rank part * (n - 1), as
/// most tools do). Reorders the values: nothing is allocated. 0 for no values.
[[nodiscard]] double quantile(std::span<double> values, double part);

/// quantile() of each of `parts`, which ascend: each is looked for above the one before.
[[nodiscard]] std::vector<double> quantiles(std::span<double> values, std::initializer_list<double> parts);

/// quantile(values, 0.5).
[[nodiscard]] double median(std::span<double> values);

/// The median of the distances from the median, unscaled (a normal distribution has 0.6745 standard deviations).
/// Overwrites the values with those distances.
struct MedianSpread {
  double median = 0;
  double mad = 0;
  friend bool operator==(const MedianSpread&, const MedianSpread&) = default;
};
[[nodiscard]] MedianSpread median_spread(std::span<double> values);

}  // namespace viaduct::stat
