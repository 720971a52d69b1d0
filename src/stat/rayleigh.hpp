// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace viaduct::stat {

/// The periods that the scan looks for, seconds.
inline constexpr double kShortestPeriod = 20;
inline constexpr double kLongestPeriod = 60;
/// A call that is said to be longer than a day has lying time stamps, and a scan of it would cost their size.
inline constexpr double kLongestObserved = 86400;

/// Equal steps of 1/T from 1/kLongestPeriod to 1/kShortestPeriod, each at most 1 / (8 * observed time): no peak is
/// missed between two. More observed than kLongestObserved counts as that.
struct FrequencyGrid {
  double lowest = 0;
  double step = 0;
  std::size_t count = 0;

  [[nodiscard]] double operator[](std::size_t i) const { return lowest + static_cast<double>(i) * step; }
};
[[nodiscard]] FrequencyGrid frequency_grid(double observed);

/// The Rayleigh statistic Z(T) = |sum of exp(2 pi i t / T)|^2 / n over a grid, summed over calls that each keep their
/// own phase. Z lies in [0, n]; for onsets at random each Z(T) is about exponential with mean 1, and the sum over K
/// calls Gamma(K, 1). The buffers are reused from call to call.
class RayleighSpectrum {
 public:
  explicit RayleighSpectrum(FrequencyGrid grid);

  /// Back to no calls.
  void clear();
  /// Adds one call's Z. The onsets are taken relative to `origin`, for precision only: Z does not depend on it.
  /// A call without onsets adds nothing.
  void add(std::span<const double> onsets, double origin);

  [[nodiscard]] const FrequencyGrid& grid() const { return grid_; }
  [[nodiscard]] std::span<const double> z() const { return z_; }
  [[nodiscard]] double highest() const;

  /// The longest T that is a local maximum with Z within 5 % of the highest, refined between grid points: events every
  /// 60 s score fully at 30 and 20 s, too, while events every 20 s do not at 40 or 60.
  [[nodiscard]] double longest_period() const;

 private:
  void rotate(std::span<const double> onsets, double origin);

  FrequencyGrid grid_;
  std::vector<double> z_, real_, imaginary_;
};

/// Z at one period, and the phase of the onsets in it: where in [0, T) after `origin` they gather.
struct Rayleigh {
  double z = 0;
  double phase = 0;
};
[[nodiscard]] Rayleigh rayleigh(std::span<const double> onsets, double origin, double period);

/// P(Z >= z) at one period given in advance, n onsets with uniform phases: exp(-z) with the correction of first order
/// in 1/n (Greenwood and Durand 1955), never more than 1. Not for the highest of a scan: that is ScanNull's.
[[nodiscard]] double rayleigh_p(double z, std::size_t n);

}  // namespace viaduct::stat
