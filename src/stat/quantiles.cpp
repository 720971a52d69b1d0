// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace viaduct::stat {
namespace {

/// All values from `from` on are at least as great as those before it; it moves on to the rank of `part`.
double quantile_above(std::span<double> values, std::size_t& from, double part) {
  if (values.empty()) return 0;
  const double rank = std::clamp(part, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(rank);
  const auto at = values.begin() + below;
  std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(from), at, values.end());
  from = static_cast<std::size_t>(below);
  const double rest = rank - static_cast<double>(below);
  if (rest == 0) return *at;
  return *at + rest * (*std::min_element(at + 1, values.end()) - *at);
}

}  // namespace

double quantile(std::span<double> values, double part) {
  std::size_t from = 0;
  return quantile_above(values, from, part);
}

std::vector<double> quantiles(std::span<double> values, std::initializer_list<double> parts) {
  std::vector<double> found;
  std::size_t from = 0;
  for (const double part : parts) found.push_back(quantile_above(values, from, part));
  return found;
}

double median(std::span<double> values) {
  return quantile(values, 0.5);
}

MedianSpread median_spread(std::span<double> values) {
  MedianSpread result{.median = median(values)};
  for (double& value : values) value = std::abs(value - result.median);
  result.mad = median(values);
  return result;
}

}  // namespace viaduct::stat
