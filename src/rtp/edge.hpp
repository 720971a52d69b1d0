// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/payload_type.hpp"
#include "rtp/time.hpp"

#include <cstdint>

namespace viaduct::rtp {

/// What a gap needs to know of the packet on either side of it.
struct Edge {
  Time time{};
  std::uint64_t frame = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t clock_rate = 0;  ///< 0: unknown
  std::uint16_t sequence = 0;
  Content content = Content::unknown;
  bool marker = false;

  /// Its time stamp is when it was taken; that of a telephone-event is when the key went down.
  [[nodiscard]] bool ticks() const { return clock_rate != 0 && content != Content::telephone_event; }
};

/// Advance of the time stamp from one packet to a later one, through a signed difference: a wrap is a small step.
[[nodiscard]] constexpr base::Duration media_step(const Edge& before, const Edge& after) {
  const std::int64_t ticks = static_cast<std::int32_t>(after.timestamp - before.timestamp);
  return base::Duration(ticks * 1000000000 / static_cast<std::int64_t>(after.clock_rate));
}

/// Whether an advance of the time stamp is so far off the time that passed that it belongs to another time base.
[[nodiscard]] constexpr bool other_time_base(base::Duration media, base::Duration arrival) {
  constexpr base::Duration kFarOff = std::chrono::seconds(5);
  return media > arrival + kFarOff || media < -kFarOff;
}

}  // namespace viaduct::rtp
