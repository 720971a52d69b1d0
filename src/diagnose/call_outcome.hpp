// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/audio_end.hpp"
#include "diagnose/call_facts.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace viaduct::diagnose {

/// Audio that went to where SDP of its receiver says, a public address and port, while the receiver's own came from
/// another port of that address and nothing from the named one: a NAT has no mapping there, or the receiver sends and
/// receives on different ports.
struct NamedPort {
  call::Party receiver = call::Party::caller;
  net::Endpoint named{};
  net::Endpoint used{};
  Time told{};                             ///< when SDP named it
  call::FrameRef frame{};                  ///< and where
  std::array<std::uint32_t, 2> streams{};  ///< to the receiver and from it: of Result::streams
  Duration length{};                       ///< for how long both went on
};

/// What a finished call leaves for the rules that hold calls against each other: how it ended, and whether audio was
/// due and seen.
struct CallOutcome {
  std::uint32_t index = 0;  ///< of Result::calls
  Site site = 0;
  call::Point point = 0;
  call::EndKind end = call::EndKind::open;
  bool media_seen = false;        ///< RTP of it was captured
  bool unreachable = false;       ///< both parties name an address that the other one cannot reach
  Duration length{};              ///< from the answer to the end; 0 without either
  Duration due{};                 ///< how long SDP let audio flow both ways
  call::FrameRef answer_frame{};  ///< of the 2xx
  Time answered = call::kNever;
  call::FrameRef end_frame{};
  Time ended = call::kNever;
  net::Address ended_by{};              ///< who sent the message that ended it
  std::array<net::Address, 2> media{};  ///< by receiver, as SDP names it first
  std::unique_ptr<NamedPort> unused{};  ///< media to a port that its receiver does not use
  std::vector<AudioEnd> ends{};         ///< audio that ceased for good
};

/// `first_stream`: index of Result::streams where the call's streams begin.
[[nodiscard]] CallOutcome outcome_of(const CallFacts& facts, std::uint32_t index, std::uint32_t first_stream);

}  // namespace viaduct::diagnose
