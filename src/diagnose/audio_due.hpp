// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_facts.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace viaduct::diagnose {

/// A time in which SDP of both parties lets RTP with audio flow towards one of them.
struct AudioDue {
  Time from{};
  Time until{};                           ///< where its end was not seen, the last message or packet of the call
  const call::MediaSpan* told = nullptr;  ///< by which the receiver says where it receives
};

/// A time in which parties may fall silent although SDP lets audio flow: one of them has put the other one on hold,
/// which need not hear music, or has handed the call over (REFER).
struct Lull {
  Time from{};
  Time until{};
  bool held = false;
};

/// Legs that name the same endpoints for media: a proxy in their midst leaves SDP alone, and the media of all of them
/// are one. What was captured at several places (StreamFacts::place) makes a path at each; nothing is due where the
/// capture of one had ended. By receiver where audio was
/// due, ascending, and the streams that came, as indices of CallFacts::streams.
struct AudioPath {
  std::vector<std::uint8_t> legs{};
  std::array<std::vector<AudioDue>, 2> due{};
  std::vector<Lull> lulls{};  ///< ascending, none touches another
  std::array<std::vector<std::uint32_t>, 2> streams{};

  /// Whether another one is the same, captured at another place.
  [[nodiscard]] bool is_beside(const AudioPath& other) const { return this != &other && legs == other.legs; }
  [[nodiscard]] const std::vector<AudioDue>& due_to(call::Party receiver) const {
    return due[static_cast<std::size_t>(receiver)];
  }
  [[nodiscard]] const std::vector<std::uint32_t>& streams_to(call::Party receiver) const {
    return streams[static_cast<std::size_t>(receiver)];
  }
};

/// Those of an answered call; none for another one. Streams in probation, and those of other media, are left out.
[[nodiscard]] std::vector<AudioPath> audio_paths(const CallFacts& facts);

/// Whether a party named an address of a private network although its messages come from a public one: who gets that
/// SDP cannot send there.
[[nodiscard]] bool names_unreachable(const call::MediaSpan& span);

}  // namespace viaduct::diagnose
