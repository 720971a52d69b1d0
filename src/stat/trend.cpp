// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/trend.hpp"

#include "stat/tails.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace viaduct::stat {
namespace {

/// 18 times the variance that n values in random order give the score.
double eighteenfold(double n) {
  return n * (n - 1) * (2 * n + 5);
}

}  // namespace

void MannKendall::add(std::span<const double> block) {
  for (std::size_t late = 1; late < block.size(); ++late) {
    for (std::size_t early = 0; early < late; ++early) {
      if (block[late] > block[early]) score_ += 1;
      if (block[late] < block[early]) score_ -= 1;
    }
  }
  double variance = eighteenfold(static_cast<double>(block.size()));
  std::vector<double> sorted(block.begin(), block.end());
  std::ranges::sort(sorted);
  for (auto from = sorted.begin(); from != sorted.end();) {
    const auto to = std::upper_bound(from, sorted.end(), *from);
    variance -= eighteenfold(static_cast<double>(to - from));
    from = to;
  }
  variance_ += variance / 18;
}

double MannKendall::p_rising() const {
  if (variance_ <= 0) return 1;
  return normal_upper((score_ - 1) / std::sqrt(variance_));
}

}  // namespace viaduct::stat
