// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_facts.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace viaduct::diagnose {

/// What a finished call leaves for the rules that hold calls against each other: how it ended, and whether audio was
/// due and seen.
struct CallOutcome {
  std::uint32_t index = 0;  ///< of Result::calls
  Site site = 0;
  call::Point point = 0;
  call::EndKind end = call::EndKind::open;
  bool media_seen = false;      ///< RTP of it was captured
  bool unreachable = false;     ///< both parties name an address that the other one cannot reach
  Duration length{};            ///< from the answer to the end; 0 without either
  Duration due{};               ///< how long SDP let audio flow both ways
  call::FrameRef answer_frame{};  ///< of the 2xx
  Time answered = call::kNever;
  call::FrameRef end_frame{};
  Time ended = call::kNever;
  net::Address ended_by{};                 ///< who sent the message that ended it
  std::array<net::Address, 2> media{};   ///< by receiver, as SDP names it first
};

[[nodiscard]] CallOutcome outcome_of(const CallFacts& facts, std::uint32_t index);

}  // namespace viaduct::diagnose
