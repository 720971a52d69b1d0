// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace viaduct::stat {

double quantile(std::span<double> values, double part) {
  if (values.empty()) return 0;
  const double rank = std::clamp(part, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(rank);
  const auto at = values.begin() + below;
  std::nth_element(values.begin(), at, values.end());
  const double rest = rank - static_cast<double>(below);
  if (rest == 0) return *at;
  return *at + rest * (*std::min_element(at + 1, values.end()) - *at);
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
