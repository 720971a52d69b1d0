// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/group.hpp"
#include "stat/periodicity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace viaduct::diagnose {

/// What the onsets of one call follow.
struct CallRhythm {
  const CallRecord* call = nullptr;
  std::vector<double> onsets{};  ///< seconds since the call's begin, of both directions; nearer than a second is one
  stat::CallPeriodicity period{};
};

/// SIP messages that onsets follow: a kind of request, over all calls of a group.
struct Follows {
  call::EventKind kind{};
  std::size_t onsets = 0;
  std::size_t inside = 0;  ///< of these within kFollow after such a request
  double p = 1;
};
inline constexpr double kFollow = 3;  ///< seconds

/// The rhythm of the drop-outs of a group.
struct Rhythm {
  std::vector<CallRhythm> calls{};
  stat::PoolPeriodicity pool{};
  double regular_p = 1;              ///< of the intervals within the calls, all together
  std::optional<Follows> follows{};  ///< the kind with the smallest p, if it is significant
  bool together = false;  ///< no SIP leads, and all lines tick at the same instants: one clock, no timer of a flow

  /// A timer or SIP itself drives the drop-outs of the group, beyond chance.
  [[nodiscard]] bool proven() const;
  /// One period fits all calls, or their intervals are even, with a chance under one in a hundred: too little by
  /// itself, enough beside other proof.
  [[nodiscard]] bool likely() const;
  /// The same for one call alone.
  [[nodiscard]] static bool proven(const CallRhythm& call);
  /// "every 30.1 s (30.0 to 30.2 s, chance 0.0001)", "within 3 s after REGISTER in 7 of 8 cases (...)".
  [[nodiscard]] std::string to_text() const;
};

[[nodiscard]] Rhythm rhythm_of(const Tally& tally);

}  // namespace viaduct::diagnose
