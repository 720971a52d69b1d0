// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/datagram_log.hpp"
#include "diagnose/sides/message_store.hpp"
#include "diagnose/sides/packet_log.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::diagnose::sides {

/// A packet of which fragments were missing.
struct BrokenPacket {
  Time time{};
  net::Address source;
  net::Address destination;
  std::uint32_t octets = 0;  ///< of its payload that were there
  call::FrameRef frame;
  static constexpr std::size_t kMost = 4096;
};

/// A TCP connection in which the borders of messages were lost, other than by a gap of the capture.
struct BrokenStream {
  net::Endpoint source;
  net::Endpoint destination;
  std::string octets;  ///< the first that are no message, at most kLongest
  call::FrameRef frame;
  static constexpr std::size_t kMost = 256;
  static constexpr std::size_t kLongest = 256;
};

/// What was captured at one side of a router.
struct SideLog {
  MessageStore messages;
  PacketLog packets;
  DatagramLog datagrams;
  std::vector<BrokenPacket> broken{};   ///< at most BrokenPacket::kMost
  std::vector<BrokenStream> streams{};  ///< at most BrokenStream::kMost
  Time first = Time::max();             ///< of all frames, also of those that are neither SIP nor RTP
  Time last = Time::min();
  bool whole = false;             ///< captured by the router itself: all media that passed there is in it
  std::uint64_t lost_frames = 0;  ///< that what captured says it lost: absence here proves nothing then

  void saw(Time time) {
    first = std::min(first, time);
    last = std::max(last, time);
  }
};

/// Which of the two: `first` is call::Point 0, that of the main input; `second` is Point 1, of --other-side.
enum class Side : std::uint8_t { first, second };
[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::first ? Side::second : Side::first;
}

}  // namespace viaduct::diagnose::sides
