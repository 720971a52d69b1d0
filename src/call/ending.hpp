// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::call {

struct Call;

/// How a call ended, as a fact with what proves it. No verdict: a BYE 32 s after an answer that nobody acknowledged is
/// called so, and why the ACK was missing is for others to say.
enum class EndKind : std::uint8_t {
  open,            ///< established, and no BYE was captured
  no_final,        ///< an INVITE without a final response in the capture
  unanswered,      ///< an INVITE without any response for 64*T1
  bye,             ///< a party hung up
  cancelled,       ///< CANCEL, or 487
  rejected,        ///< 4xx to 6xx
  redirected,      ///< 3xx
  timed_out,       ///< 408, or 504
  unacknowledged,  ///< 2xx was repeated, no ACK was seen; with the BYE that followed or without
  session_timer,   ///< BYE when the session timer was due, or after a refresh that was refused (RFC 4028 10)
  media_timeout,   ///< BYE whose Reason says that media was missing
  last             ///< not a kind: the number of kinds
};
[[nodiscard]] Bytes name(EndKind kind);

struct Ending {
  EndKind kind = EndKind::open;
  Time time = kNever;         ///< of the message that ended it; kNever for open
  std::optional<Party> by;    ///< who sent it
  std::uint16_t status = 0;   ///< of the INVITE's final response, or of the refresh that was refused
  std::uint16_t repeats = 0;  ///< of the 2xx that nobody acknowledged
  FrameRef frame;             ///< of the message that ended it
  Duration after_answer{};    ///< from the first 2xx (at latest the first ACK) to `time`; 0 without an answer
  Text reason;                ///< Reason header, first 96 octets
};

/// Reads it off the transactions and dialogs, as of `now`.
[[nodiscard]] Ending ending_of(const Call& call, Time now);

}  // namespace viaduct::call
