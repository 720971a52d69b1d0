// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/tails.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace viaduct::stat {
namespace {

constexpr double kTiny = 1e-300;
constexpr double kPrecise = 1e-15;
// Both expansions need about sqrt(a) terms; more than this is an argument nobody has.
constexpr int kMostTerms = 100000;

double within_unit(double p) {
  return std::clamp(p, 0.0, 1.0);
}

/// x^a e^-x / Gamma(a), the factor that both expansions of the incomplete gamma function share.
double gamma_factor(double a, double x) {
  return std::exp(a * std::log(x) - x - std::lgamma(a));
}

double gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int n = 1; n < kMostTerms && term > sum * kPrecise; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * gamma_factor(a, x);
}

double gamma_fraction(double a, double x) {
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double value = d;
  for (int i = 1; i < kMostTerms; ++i) {
    const double numerator = -i * (i - a);
    b += 2;
    d = numerator * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + numerator / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    value *= d * c;
    if (std::abs(d * c - 1) < kPrecise) break;
  }
  return value * gamma_factor(a, x);
}

double beta_fraction(double a, double b, double x) {
  double c = 1;
  double d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < kTiny ? kTiny : d);
  double value = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double numerator : {even, odd}) {
      d = 1 + numerator * d;
      d = 1 / (std::abs(d) < kTiny ? kTiny : d);
      c = 1 + numerator / c;
      if (std::abs(c) < kTiny) c = kTiny;
      value *= d * c;
    }
    if (std::abs(d * c - 1) < kPrecise) break;
  }
  return value;
}

}  // namespace

double normal_upper(double x) {
  return 0.5 * std::erfc(x * 0.7071067811865476);
}

double gamma_lower(double a, double x) {
  if (x <= 0) return 0;
  return within_unit(x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x));
}

double gamma_upper(double a, double x) {
  if (x <= 0) return 1;
  return within_unit(x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x));
}

double chi_squared_upper(double x, double freedom) {
  return gamma_upper(freedom / 2, x / 2);
}

double poisson_upper(std::uint64_t k, double mean) {
  return k == 0 ? 1 : gamma_lower(static_cast<double>(k), mean);
}

double binomial_upper(std::uint64_t k, std::uint64_t n, double p) {
  if (k == 0) return 1;
  if (k > n) return 0;
  return beta_lower(static_cast<double>(k), static_cast<double>(n - k) + 1, p);
}

double beta_lower(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double logarithm = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x);
  // The fraction converges fast below the mean; above it the complement does, and the result is not small there.
  if (x < (a + 1) / (a + b + 2)) return within_unit(std::exp(logarithm) * beta_fraction(a, b, x) / a);
  return within_unit(1 - std::exp(logarithm) * beta_fraction(b, a, 1 - x) / b);
}

double student_upper(double x, double freedom) {
  const double outside = 0.5 * beta_lower(freedom / 2, 0.5, freedom / (freedom + x * x));
  return x < 0 ? 1 - outside : outside;
}

double student_two_sided(double outside, double freedom) {
  double low = 0;
  double high = 1;
  while (2 * student_upper(high, freedom) > outside && high < std::numeric_limits<double>::max() / 4) high *= 2;
  for (int halving = 0; halving < 200 && high - low > 1e-14 * high; ++halving) {
    const double middle = (low + high) / 2;
    (2 * student_upper(middle, freedom) > outside ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace viaduct::stat
