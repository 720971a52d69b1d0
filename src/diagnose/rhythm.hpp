// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/concurrence.hpp"
#include "diagnose/phase_clock.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace viaduct::diagnose {

/// How onsets follow SIP messages of one kind, over all calls of a group that had some.
struct Follows {
  call::EventKind kind{};
  stat::Coupling found{};

  [[nodiscard]] double p() const;
  /// Half of the onsets at least follow, or the others have another cause; and no chance makes that.
  [[nodiscard]] bool proven() const;
};
inline constexpr double kFollow = 3;  ///< seconds

/// The rhythm of the drop-outs of a group, and all that was asked to find it.
struct Rhythm {
  std::vector<CallRhythm> calls{};
  stat::PoolPeriodicity pool{};
  double regular_p = 1;              ///< of the intervals within the calls, all together
  std::vector<Follows> coupled{};    ///< by kind of request; what was seen only
  std::optional<Follows> follows{};  ///< the kind with the smallest p, if it is proven
  Concurrence lines{};               ///< of the calls with each other
  std::vector<PhaseTest> clocks{};   ///< if there is a period
  bool together = false;   ///< no SIP leads, and all lines tick at the same instants: one clock, no timer of a flow
  std::size_t tests = 0;   ///< that were made
  double p = 1;            ///< the smallest of them, times their number (Bonferroni)
  double q = 1;            ///< of `p` among those of all groups (Benjamini, Hochberg), see rhythms_of()
  std::size_t groups = 1;  ///< so many

  /// A timer or SIP itself drives the drop-outs of the group, beyond chance.
  [[nodiscard]] bool proven() const;
  /// One period fits all calls, or their intervals are even, with a chance under one in a hundred: too little by
  /// itself, enough beside other proof.
  [[nodiscard]] bool likely() const;
  /// The period that all have in common, else the one of the first call that proves one.
  [[nodiscard]] const stat::PeriodEstimate* period() const;
  /// "every 30.1 s (30.0 to 30.2 s, chance 0.0001)", "within 3 s after REGISTER in 7 of 8 cases (...)".
  [[nodiscard]] std::string to_text() const;
  /// ", each call with a phase of its own", ", locked to the start of the call (by chance 0.0001)"; empty: not known.
  [[nodiscard]] std::string clock_text() const;
};

/// Of one group alone. Of more calls than kMostPooled those with the most onsets are held against each other.
[[nodiscard]] Rhythm rhythm_of(const Tally& tally, const Group& group);
inline constexpr std::size_t kMostPooled = 100;

/// Of each group, all of which are looked at for one: what is proven of one must stand among them all.
void correct(std::span<Rhythm* const> rhythms);

}  // namespace viaduct::diagnose
