// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace viaduct::stat {

/// Tail probabilities. Each is computed from its own side and never as 1 minus the other tail, so that 1e-200 is as
/// exact as 0.2: relative error under 1e-10 for arguments up to some 1e5. The results lie in [0, 1].
/// Sources: Abramowitz and Stegun 6.5 (gamma), 26.5 (beta), 26.7 (t); Lentz's evaluation of continued fractions.

/// P(X > x), X standard normal.
[[nodiscard]] double normal_upper(double x);

/// Regularised lower and upper incomplete gamma function, P(a, x) and Q(a, x), a > 0. Q(a, x) = P(X > x) for X ~
/// Gamma(a, 1); that is also what the sum of `a` Rayleigh statistics follows under the null.
[[nodiscard]] double gamma_lower(double a, double x);
[[nodiscard]] double gamma_upper(double a, double x);

/// P(X > x), X chi-squared with `freedom` degrees of freedom.
[[nodiscard]] double chi_squared_upper(double x, double freedom);

/// P(X >= k), X Poisson of that mean.
[[nodiscard]] double poisson_upper(std::uint64_t k, double mean);

/// P(X >= k), X the successes in n trials of probability p.
[[nodiscard]] double binomial_upper(std::uint64_t k, std::uint64_t n, double p);

/// Regularised incomplete beta function I_x(a, b), a and b > 0.
[[nodiscard]] double beta_lower(double a, double b, double x);

/// P(X > x), X of Student's t distribution.
[[nodiscard]] double student_upper(double x, double freedom);

/// The half width t of a two-sided interval with that many degrees of freedom: P(|X| > t) = `outside`, within (0, 1).
[[nodiscard]] double student_two_sided(double outside, double freedom);

}  // namespace viaduct::stat
