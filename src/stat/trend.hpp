// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

namespace viaduct::stat {

/// Mann-Kendall trend test (Mann 1945, Kendall 1975), summed over blocks as Hirsch and Slack did for seasons: each
/// block is compared within itself only. Null hypothesis: within a block every order is equally likely. Normal
/// approximation with ties and continuity; good from about ten values in all. Quadratic in the length of a block.
/// Limit: values that depend on their neighbours, as delays do, rise and fall by themselves; a small p alone is no
/// congestion.
class MannKendall {
 public:
  void add(std::span<const double> block);

  /// Pairs that rise less pairs that fall.
  [[nodiscard]] double score() const { return score_; }
  /// P(score or more | no trend); 1 if nothing could rise.
  [[nodiscard]] double p_rising() const;

 private:
  double score_ = 0;
  double variance_ = 0;
};

}  // namespace viaduct::stat
