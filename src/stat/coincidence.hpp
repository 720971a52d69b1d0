// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/coupling.hpp"
#include "stat/regularity.hpp"
#include "stat/train.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace viaduct::stat {

/// Onsets of several lines at the same instant.
struct Coincidence {
  std::size_t lines = 0;  ///< with onsets in the common time
  double common = 0;      ///< seconds in which all lines were observed
  std::size_t pairs = 0;  ///< onsets of two lines within the window of each other
  double expected = 0;    ///< such pairs by chance
  double p_poisson = 1;   ///< P(pairs or more | Poisson of that mean)
  double p_shifted = 1;   ///< the same after moving each line but the first round by a random time of its own
  bool at_random = true;  ///< two lines of four onsets and more whose intervals do not tell against it at 5 %
  double p = 1;           ///< p_poisson if at_random, else p_shifted
};

/// Null hypothesis: the lines are independent. Meaning: a small p says that a shared box or the WAN hit the lines
/// together. Only onsets in the time common to all lines count. Onsets that cluster or tick make chance pairs come in
/// groups, and three lines count one event three times, so then circular shifts decide (never less than
/// 1 / (shifts + 1)): two lines that tick with the same period are never provably together, several may be.
/// For sites, give one train per site (merge_onsets). Limits: one short line
/// shortens the common time of all; group lines that overlap. Cost: a sort of all onsets for each shift.
[[nodiscard]] Coincidence same_instant(std::span<const Train> lines, double window, IntervalNull& null,
                                       Shifts shifts = {});

/// The onsets of all lines of a site in order; onsets less than `distance` after one that is kept are the same event.
[[nodiscard]] std::vector<double> merge_onsets(std::span<const Train> lines, double distance);

}  // namespace viaduct::stat
