// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_facts.hpp"
#include "finding/cause.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace viaduct::diagnose {

/// The beginning of a gap, as the statistics over calls want it.
struct Onset {
  Time at{};
  Duration length{};
  std::uint64_t frame = 0;  ///< the last one before it, packed as rtp::Gap has it
  rtp::GapClass kind = rtp::GapClass::unclear;
  call::Party receiver = call::Party::caller;
  bool receiver_sent = true;    ///< its receiver had been sending until then, so that no mapping can have idled out
  bool receiver_known = false;  ///< whether that is known at all
};

/// A SIP message after which onsets may follow.
struct Refresh {
  Time at{};
  call::EventKind kind{};
  call::FrameRef frame;
};

/// What a finished call leaves for the rules that look at all calls. Small for a call without gaps.
struct CallRecord {
  std::uint32_t index = 0;  ///< of Result::calls
  Site site = 0;
  call::Point point = 0;
  std::uint64_t line = 0;                     ///< hash of the customer's identity: calls of one line share it
  std::array<net::Address, 2> addresses{};    ///< of the first leg's signalling: caller's side, callee's side
  Time begin = call::kNever;                  ///< of the time in which gaps would have been seen: answer to end
  Time end = call::kNever;
  std::vector<Onset> onsets{};                ///< ascending; both directions
  std::vector<Refresh> refreshes{};           ///< ascending; only where there are onsets

  [[nodiscard]] double observed() const;  ///< seconds
};

[[nodiscard]] CallRecord record_of(const CallFacts& facts);

}  // namespace viaduct::diagnose
