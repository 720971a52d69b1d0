// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace viaduct::finding {

using base::Bytes;

/// What made a call bad.
enum class Cause : std::uint8_t {
  none,           ///< nothing was wrong
  not_proven,     ///< something was wrong, and no cause has enough evidence
  alg,            ///< a box on the path edits SIP or SDP, or ties media to it
  nat_timeout,    ///< a mapping expired in silence
  bandwidth,      ///< queues filled before packets were lost
  jitter_wifi,    ///< packets held and released together
  endpoint,       ///< a phone or server did not send, or sent nonsense
  signalling,     ///< SIP itself went wrong: no ACK, a timer, a refusal
  configuration,  ///< a setting is wrong everywhere in the same way
  last            ///< not a cause: the number of causes
};

/// As documents spell it: sip-alg, nat-timeout, ... ; not_proven is `unknown`.
[[nodiscard]] Bytes name(Cause cause);
/// As a sentence to a person names it: "a SIP ALG".
[[nodiscard]] Bytes spoken(Cause cause);

/// Whether it is one at all: neither `none` nor `not_proven`.
[[nodiscard]] constexpr bool proven(Cause cause) {
  return cause != Cause::none && cause != Cause::not_proven;
}

/// A cause with what speaks for it. `runner_up` is the next best, none if there is no other candidate.
struct Attribution {
  Cause cause = Cause::none;
  double confidence = 0;  ///< 0 to 1
  Cause runner_up = Cause::none;
  double runner_up_confidence = 0;

  friend bool operator==(const Attribution&, const Attribution&) = default;
};

}  // namespace viaduct::finding
