// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/regularity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace viaduct::stat {
namespace {

constexpr std::size_t kFirst = 3;
constexpr std::size_t kNodes = 64;
/// Nobody asks how probable a CV under this is; P(CV > this) is under 1e-8 for each m.
constexpr double kLargest = 3;

/// Gauss-Legendre nodes and weights on [-1, 1]: zeros of the Legendre polynomial by Newton's method.
struct Quadrature {
  std::array<double, kNodes> at{};
  std::array<double, kNodes> weight{};

  Quadrature() {
    for (std::size_t i = 0; i < kNodes; ++i) {
      double x = std::cos(3.141592653589793 * (static_cast<double>(i) + 0.75) / (kNodes + 0.5));
      double slope = 1;
      for (int step = 0; step < 20; ++step) {
        double before = 1;
        double value = x;
        for (std::size_t n = 2; n <= kNodes; ++n) {
          const auto order = static_cast<double>(n);
          const double next = ((2 * order - 1) * x * value - (order - 1) * before) / order;
          before = value;
          value = next;
        }
        slope = kNodes * (x * value - before) / (x * x - 1);
        x -= value / slope;
      }
      at[i] = x;
      weight[i] = 2 / ((1 - x * x) * slope * slope);
    }
  }
};

/// Up to here the ball of all intervals that regular lies within the simplex: no interval could be negative.
double ball_limit(std::size_t m) {
  return std::sqrt(static_cast<double>(m)) / static_cast<double>(m - 1);
}

double row_end(std::size_t m) {
  return std::min(std::sqrt(static_cast<double>(m)), kLargest);
}

/// log of ball volume / simplex volume, both of dimension m - 1; the ball's radius is cv * sqrt(m - 1) / m.
double log_ball(double cv, std::size_t m) {
  const auto size = static_cast<double>(m);
  const double dimension = size - 1;
  const double radius = cv * std::sqrt(dimension) / size;
  return dimension / 2 * std::log(3.141592653589793) - std::lgamma(dimension / 2 + 1) + dimension * std::log(radius) +
         std::lgamma(size) - std::log(size) / 2;
}

}  // namespace

double IntervalNull::log_p(double cv, std::size_t m) const {
  if (cv >= row_end(m)) return 0;
  if (cv <= ball_limit(m)) return cv <= 0 ? -std::numeric_limits<double>::infinity() : std::min(0.0, log_ball(cv, m));
  const Row& row = rows_[m - kFirst];
  const double from = std::log(ball_limit(m));
  const double place = (std::log(cv) - from) / (std::log(row_end(m)) - from) * (kPoints - 1);
  // A cubic through four neighbours: each row is made from the one before, so errors would add up over a hundred rows.
  const auto first = static_cast<std::size_t>(std::clamp(place - 1, 0.0, static_cast<double>(kPoints - 4)));
  const double x = place - static_cast<double>(first);
  const double value = -(x - 1) * (x - 2) * (x - 3) / 6 * row[first] + x * (x - 2) * (x - 3) / 2 * row[first + 1] -
                       x * (x - 1) * (x - 3) / 2 * row[first + 2] + x * (x - 1) * (x - 2) / 6 * row[first + 3];
  return std::min(0.0, value);
}

/// One interval is u of the sum with density (m - 1)(1 - u)^(m - 2); the others, divided by 1 - u, are m - 1 intervals.
double IntervalNull::next_p(double cv, std::size_t m) const {
  static const Quadrature quadrature;
  const auto size = static_cast<double>(m);
  const double rest = size - 1;
  const double squares = cv * cv * rest / (size * size) + 1 / size;  // sum of the squared parts
  const double half = std::sqrt(std::max(0.0, rest * (squares * size - 1))) / size;
  const double low = std::max(0.0, 1 / size - half);
  const double high = std::min(1.0, 1 / size + half);
  double sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double u = low + (high - low) * (1 + quadrature.at[i]) / 2;
    const double inner = (squares - u * u) / ((1 - u) * (1 - u));
    const double inner_cv = rest * std::sqrt(std::max(0.0, inner - 1 / rest) / (rest - 1));
    sum += quadrature.weight[i] * std::exp(log_p(inner_cv, m - 1) + (rest - 1) * std::log1p(-u));
  }
  return std::min(1.0, sum * rest * (high - low) / 2);
}

void IntervalNull::reserve(std::size_t m) {
  while (rows_.size() + kFirst <= m) {
    const std::size_t size = rows_.size() + kFirst;
    const double from = std::log(ball_limit(size));
    const double step = (std::log(row_end(size)) - from) / (kPoints - 1);
    Row row;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const double cv = std::exp(from + static_cast<double>(i) * step);
      row[i] = i == 0 ? log_ball(cv, size) : std::log(next_p(cv, size));
    }
    rows_.push_back(row);
  }
}

double IntervalNull::p_value(double cv, std::size_t m) {
  if (m < 2) return 1;
  if (m > kExact) {
    cv = std::pow(cv, std::sqrt(static_cast<double>(m) / static_cast<double>(kExact)));
    m = kExact;
  }
  reserve(m);
  return std::exp(log_p(cv, m));
}

Regularity regularity(std::span<const double> onsets, double dead_time, IntervalNull& null) {
  Regularity result;
  if (onsets.size() < 2) return result;
  const std::size_t m = onsets.size() - 1;
  result.intervals = m;
  result.mean = (onsets.back() - onsets.front()) / static_cast<double>(m);
  if (m < 2) return result;
  double squares = 0;
  for (std::size_t i = 0; i < m; ++i) {
    const double off = onsets[i + 1] - onsets[i] - result.mean;
    squares += off * off;
  }
  result.deviation = std::sqrt(squares / static_cast<double>(m - 1));
  const double live = result.mean - dead_time;
  // Intervals that are all dead time: the onsets were not merged as the caller says, and no statement is possible.
  if (live <= 0) return result;
  result.cv = result.deviation / live;
  if (m >= kFirst) result.p = null.p_value(result.cv, m);
  return result;
}

}  // namespace viaduct::stat
