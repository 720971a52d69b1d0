// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/train.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace viaduct::stat {

/// The onsets of one call and the events (re-INVITE, REGISTER, OPTIONS …) they may follow. The events ascend.
struct CoupledTrain {
  Train onsets;
  std::span<const double> events;
};

/// How a control by simulation is made.
struct Shifts {
  std::size_t count = 4999;
  std::uint64_t seed = 1;
};

/// Coupling of onsets to events.
struct Coupling {
  std::size_t onsets = 0;  ///< n
  std::size_t inside = 0;  ///< k of them within the window after an event
  double covered = 0;      ///< p0: part of the time that windows cover, weighted by onsets
  double p = 1;            ///< binomial tail P(K >= k | n, p0)
  double p_shifted = 1;    ///< the same k or more after moving each call's onsets round by a random time
};

/// Null hypothesis of `p`: onsets fall independently and anywhere. Meaning: a small p says that drop-outs follow these
/// events within `window` seconds. Calls of different p0 are taken at their mean, which is conservative (Hoeffding
/// 1956). `p_shifted` keeps the pattern within each call: two clocks of the same period meet by chance in p0 of all
/// calls and not in p0^n, so where onsets are periodic only this one holds, and one call alone cannot bring it below
/// p0; it is never less than 1 / (shifts + 1). Test each type of event separately. Limit: says what follows, not what
/// causes.
[[nodiscard]] Coupling coupling(std::span<const CoupledTrain> calls, double window, Shifts shifts = {});

}  // namespace viaduct::stat
