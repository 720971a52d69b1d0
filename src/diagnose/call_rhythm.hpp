// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_record.hpp"
#include "stat/periodicity.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace viaduct::diagnose {

/// Onsets nearer than this are one (rtp::GapFinder merges within a stream, here it is over both directions).
inline constexpr double kDeadTime = 1;  ///< seconds

/// What the onsets of one call follow.
struct CallRhythm {
  const CallRecord* call = nullptr;
  std::pair<std::uint64_t, net::Address> line{};  ///< the customer's user and address
  std::vector<double> onsets{};  ///< seconds since the call's begin, of both directions; nearer than kDeadTime is one
  stat::CallPeriodicity period{};
  double q = 1;  ///< of the better of its two tests, among all calls of the group (Benjamini, Hochberg)

  /// The call alone has a rhythm, also among all those that were looked at.
  [[nodiscard]] bool proven() const;
  [[nodiscard]] stat::Train train() const VIADUCT_LIFETIME_BOUND { return {onsets, 0, call->observed()}; }
};

}  // namespace viaduct::diagnose
