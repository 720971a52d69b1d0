// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/telephone_event.hpp"

#include "base/octets.hpp"

namespace viaduct::rtp {

char TelephoneEvent::key() const {
  constexpr base::Bytes kKeys = "0123456789*#ABCD!";
  return event < kKeys.size() ? kKeys[event] : '\0';
}

std::optional<TelephoneEvent> parse_event(base::Bytes payload) {
  constexpr std::size_t kLength = 4;
  if (payload.size() < kLength) return std::nullopt;
  const std::uint8_t second = base::octet_at(payload, 1);
  return TelephoneEvent{.event = base::octet_at(payload, 0),
                        .end = (second & 0x80) != 0,
                        .volume = static_cast<std::uint8_t>(second & 0x3f),
                        .duration = base::word_at(payload, 2)};
}

std::optional<std::uint8_t> noise_level(base::Bytes payload) {
  if (payload.empty()) return std::nullopt;
  return static_cast<std::uint8_t>(base::octet_at(payload, 0) & 0x7f);
}

}  // namespace viaduct::rtp
