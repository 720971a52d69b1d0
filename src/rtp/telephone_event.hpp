// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::rtp {

/// A named event (RFC 4733 2.3). All packets of one event carry the timestamp at which it began.
///
///     |     event     |E|R| volume    |          duration             |
struct TelephoneEvent {
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 0;     ///< power level in -dBm0
  std::uint16_t duration = 0;  ///< so far, in units of the media clock

  /// '0' to '9', '*', '#', 'A' to 'D', or '!' for a hook flash; 0 for events that are no key.
  [[nodiscard]] char key() const;
};

/// The first event of a telephone-event payload; nullopt if it is shorter than one.
[[nodiscard]] std::optional<TelephoneEvent> parse_event(base::Bytes payload);

/// The noise level of a comfort noise payload in -dBov (RFC 3389 3.1); nullopt if the payload is empty.
[[nodiscard]] std::optional<std::uint8_t> noise_level(base::Bytes payload);

}  // namespace viaduct::rtp
