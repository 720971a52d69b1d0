// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"
#include "call/sighting.hpp"

#include <array>
#include <cstdint>

namespace viaduct::call {

/// SUBSCRIBE and NOTIFY of one Call-ID outside of calls (RFC 6665).
struct Subscription {
  enum class State : std::uint8_t { trying, active, pending, terminated, refused };

  Point point = 0;
  Text call_id;  ///< first 128 octets
  Text package;  ///< the Event type named first, first 32 octets
  net::Endpoint subscriber;
  net::Endpoint notifier;
  State state = State::trying;
  Text reason;  ///< of Subscription-State: terminated, first 32 octets
  Time first{};
  Time last{};
  std::uint32_t expires = 0;  ///< seconds, of the last 2xx
  std::uint32_t subscribes = 0;
  std::uint32_t notifies = 0;
  std::uint32_t challenges = 0;
  std::uint16_t last_failure = 0;  ///< status

  void add(const Reading& reading);
  [[nodiscard]] std::size_t footprint() const;

 private:
  void add_notify(const Reading& reading);

  std::array<std::int64_t, 2> last_cseq_{-1, -1};  ///< of SUBSCRIBE and of NOTIFY: retransmissions do not count
};
[[nodiscard]] Bytes name(Subscription::State state);

}  // namespace viaduct::call
