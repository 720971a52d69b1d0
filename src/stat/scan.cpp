// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/scan.hpp"

#include "stat/scan_table.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::stat {
namespace {

/// Between which two entries of an ascending list a value lies, and how far.
struct Place {
  std::size_t below = 0;
  double part = 0;
};

template <class List, class Scale>
Place place_of(const List& list, double value, Scale scale) {
  const double last = static_cast<double>(list.back());
  value = std::clamp(value, static_cast<double>(list.front()), last);
  std::size_t below = 0;
  while (below + 2 < list.size() && static_cast<double>(list[below + 1]) <= value) ++below;
  const double from = scale(static_cast<double>(list[below]));
  const double to = scale(static_cast<double>(list[below + 1]));
  return {below, (scale(value) - from) / (to - from)};
}

/// The limits of one call at all levels. Few onsets change the limits like 1/n; the number of independent periods, and
/// with it the limit, goes like the logarithm of the time.
std::array<double, kTableLevels.size()> limits_of(std::size_t n, double observed) {
  const Place row = place_of(kTableObserved, observed, [](double seconds) { return std::log(seconds); });
  const Place column = place_of(kTableOnsets, static_cast<double>(n), [](double onsets) { return 1 / onsets; });
  std::array<double, kTableLevels.size()> limits{};
  for (std::size_t level = 0; level < limits.size(); ++level) {
    const auto at = [&](std::size_t r, std::size_t c) { return static_cast<double>(kScanTable[r][c][level]); };
    const double shorter = std::lerp(at(row.below, column.below), at(row.below, column.below + 1), column.part);
    const double longer = std::lerp(at(row.below + 1, column.below), at(row.below + 1, column.below + 1), column.part);
    limits[level] = std::lerp(shorter, longer, row.part);
  }
  return limits;
}

/// -log P(Z >= z) / n for many unit steps: k r - log I0(k), where a von Mises distribution of concentration k has the
/// mean resultant r = sqrt(z / n).
double deviation_rate(double share) {
  const double resultant = std::sqrt(share);
  double low = 0;
  double high = 600;  // I0 overflows past 700; the resultant is then within 1e-3 of 1
  for (int halving = 0; halving < 60; ++halving) {
    const double k = (low + high) / 2;
    (std::cyl_bessel_i(1, k) < resultant * std::cyl_bessel_i(0, k) ? low : high) = k;
  }
  return low * resultant - std::log(std::cyl_bessel_i(0, low));
}

/// Past the table. Near z = n the probability vanishes like (n - z)^((n - 2) / 2): two of the n angles are taken by the
/// free phase and the free period.
double beyond_levels(double z, double limit, std::size_t n) {
  const auto size = static_cast<double>(n);
  return kTableLevels.back() * std::exp(-(size - 2) * (deviation_rate(z / size) - deviation_rate(limit / size)));
}

/// Expected upcrossings of z. Onsets in a time that is no whole number of periods gather a little in the end that is
/// counted once more, and z is divided by what that can make of its mean.
double beyond_table(double z, std::size_t n, double observed) {
  const double leak = kLongestPeriod / (3.141592653589793 * observed);
  const double fair = z / (1 + static_cast<double>(n) * leak * leak);
  const double width = 1 / kShortestPeriod - 1 / kLongestPeriod;
  const double trials = 1 + width * observed * std::sqrt(4 * 3.141592653589793 / 12 * fair);
  return std::min(1.0, trials * std::exp(-fair));
}

}  // namespace

double scan_limit(double p, std::size_t n, double observed) {
  const auto limits = limits_of(n, observed);
  p = std::clamp(p, kTableLevels.back(), kTableLevels.front());
  std::size_t level = 0;
  while (level + 2 < limits.size() && kTableLevels[level + 1] >= p) ++level;
  const double part = std::log(p / kTableLevels[level]) / std::log(kTableLevels[level + 1] / kTableLevels[level]);
  return std::lerp(limits[level], limits[level + 1], part);
}

double scan_p(double z, std::size_t n, double observed) {
  if (n < kScanOnsets || observed < kTableObserved.front() || observed > kLongestObserved) return 1;
  if (z >= static_cast<double>(n)) return 0;
  if (n > kTableOnsets.back() || observed > kTableObserved.back()) return beyond_table(z, n, observed);
  const auto limits = limits_of(n, observed);
  if (z <= limits.front()) return 1;
  if (z >= limits.back()) return beyond_levels(z, limits.back(), n);
  std::size_t level = 0;
  while (z > limits[level + 1]) ++level;
  const double part = (z - limits[level]) / (limits[level + 1] - limits[level]);
  return std::exp(std::lerp(std::log(kTableLevels[level]), std::log(kTableLevels[level + 1]), part));
}

Scan scan(const Train& call) {
  Scan result{.onsets = call.onsets.size()};
  if (call.onsets.empty()) return result;
  RayleighSpectrum spectrum(frequency_grid(call.length()));
  spectrum.add(call.onsets, call.start);
  result.z = spectrum.highest();
  result.period = spectrum.longest_period();
  result.p = scan_p(result.z, result.onsets, call.length());
  return result;
}

}  // namespace viaduct::stat
