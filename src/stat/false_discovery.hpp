// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <vector>

namespace viaduct::stat {

/// Benjamini and Hochberg 1995: for each p-value, in the order given, the smallest q at which its test is rejected when
/// the share of false rejections among all is held at q. Reject those with result <= q (0.05 for many lines). Holds for
/// independent tests and for such that depend positively; a p of 1 counts as a test made.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace viaduct::stat
