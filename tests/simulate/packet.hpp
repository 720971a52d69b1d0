// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/socket.hpp"

#include <cstdint>
#include <string_view>

namespace viaduct::simulate {

/// Seconds of the simulated world; 0 is when the capture begins.
using Seconds = double;

/// Seen from the customer: `up` is from the phone to the platform.
enum class Direction : std::uint8_t { up, down };

/// What an RTP packet carries, of which there are ready blocks (wire.hpp).
enum class Sound : std::uint8_t { g729, g729_sid, pcma_voice, pcma_quiet, comfort_noise };

/// The fields of an RTP header (RFC 3550 5.1) that change, and what is behind it.
struct Rtp {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t sequence = 0;
  Sound sound = Sound::g729;
  std::uint8_t type = 18;
  bool marker = false;
};

/// A UDP datagram on its way.
struct Packet {
  Socket source, destination;
  std::uint8_t dscp = 0;
  std::uint8_t ttl = 64;
  bool is_rtp = false;
  Rtp rtp{};
  std::string_view octets;  ///< the payload if it is no RTP; borrowed for as long as the packet is carried
};

}  // namespace viaduct::simulate
