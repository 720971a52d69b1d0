// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/rayleigh.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::stat {
namespace {

constexpr double kTurn = 6.283185307179586;
constexpr double kWithin = 0.95;

}  // namespace

FrequencyGrid frequency_grid(double observed) {
  const double width = 1 / kShortestPeriod - 1 / kLongestPeriod;
  const auto steps =
      static_cast<std::size_t>(std::ceil(std::max(1.0, width * 8 * std::min(observed, kLongestObserved))));
  return {.lowest = 1 / kLongestPeriod, .step = width / static_cast<double>(steps), .count = steps + 1};
}

RayleighSpectrum::RayleighSpectrum(FrequencyGrid grid)
    : grid_(grid), z_(grid.count), real_(grid.count), imaginary_(grid.count) {}

void RayleighSpectrum::clear() {
  std::ranges::fill(z_, 0.0);
}

/// From one frequency to the next an onset turns by a constant angle: two sines per onset and not per frequency. Four
/// onsets at a time, since each turn waits for the one before.
void RayleighSpectrum::rotate(std::span<const double> onsets, double origin) {
  constexpr std::size_t kLanes = 4;
  for (std::size_t first = 0; first < onsets.size(); first += kLanes) {
    double cosine[kLanes] = {}, sine[kLanes] = {}, turn_cosine[kLanes] = {}, turn_sine[kLanes] = {};
    for (std::size_t lane = 0; lane < std::min(kLanes, onsets.size() - first); ++lane) {
      const double at = onsets[first + lane] - origin;
      cosine[lane] = std::cos(kTurn * grid_.lowest * at);
      sine[lane] = std::sin(kTurn * grid_.lowest * at);
      turn_cosine[lane] = std::cos(kTurn * grid_.step * at);
      turn_sine[lane] = std::sin(kTurn * grid_.step * at);
    }
    for (std::size_t i = 0; i < grid_.count; ++i) {
      real_[i] += (cosine[0] + cosine[1]) + (cosine[2] + cosine[3]);
      imaginary_[i] += (sine[0] + sine[1]) + (sine[2] + sine[3]);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double turned = cosine[lane] * turn_cosine[lane] - sine[lane] * turn_sine[lane];
        sine[lane] = sine[lane] * turn_cosine[lane] + cosine[lane] * turn_sine[lane];
        cosine[lane] = turned;
      }
    }
  }
}

void RayleighSpectrum::add(std::span<const double> onsets, double origin) {
  if (onsets.empty()) return;
  std::ranges::fill(real_, 0.0);
  std::ranges::fill(imaginary_, 0.0);
  rotate(onsets, origin);
  const auto n = static_cast<double>(onsets.size());
  for (std::size_t i = 0; i < grid_.count; ++i) z_[i] += (real_[i] * real_[i] + imaginary_[i] * imaginary_[i]) / n;
}

double RayleighSpectrum::highest() const {
  return *std::ranges::max_element(z_);
}

double RayleighSpectrum::longest_period() const {
  const double enough = kWithin * highest();
  for (std::size_t i = 0; i < z_.size(); ++i) {
    const double before = i == 0 ? 0 : z_[i - 1];
    const double after = i + 1 == z_.size() ? 0 : z_[i + 1];
    if (z_[i] < enough || z_[i] < before || z_[i] < after) continue;
    if (i == 0 || i + 1 == z_.size()) return 1 / grid_[i];
    // The top of the parabola through the three points around it.
    const double bend = before - 2 * z_[i] + after;
    const double off = bend == 0 ? 0 : (before - after) / (2 * bend);
    return 1 / (grid_[i] + off * grid_.step);
  }
  return 0;
}

Rayleigh rayleigh(std::span<const double> onsets, double origin, double period) {
  if (onsets.empty()) return {};
  double real = 0;
  double imaginary = 0;
  for (const double onset : onsets) {
    const double angle = kTurn * (onset - origin) / period;
    real += std::cos(angle);
    imaginary += std::sin(angle);
  }
  double phase = std::atan2(imaginary, real) / kTurn * period;
  if (phase < 0) phase += period;
  return {.z = (real * real + imaginary * imaginary) / static_cast<double>(onsets.size()), .phase = phase};
}

double rayleigh_p(double z, std::size_t n) {
  if (n == 0 || z <= 0) return 1;
  const auto size = static_cast<double>(n);
  if (z > size) return 0;
  // For few onsets the correction of first order turns negative before z reaches n, where the truth goes to 0.
  const double correction = std::max(1 + (2 * z - z * z) / (4 * size), 0.01);
  return std::min(1.0, std::exp(-z) * correction);
}

}  // namespace viaduct::stat
