// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "call/text.hpp"
#include "capture/unwrapper.hpp"
#include "net/address.hpp"
#include "sip/via.hpp"

#include <cstdint>

namespace viaduct::call {

using base::Duration;
using capture::Time;

/// A time that has not come, or is not known.
inline constexpr Time kNever = Time::max();

/// Timers of RFC 3261 start at T1 = 500 ms; what comes again sooner than this, the capturing switch copied.
inline constexpr Duration kMirrorTime = std::chrono::milliseconds(20);

/// A frame of an input, for evidence.
struct FrameRef {
  std::uint64_t number : 48 = 0;  ///< capture::Record::number, from 1; 0: none
  std::uint64_t file : 16 = 0;    ///< index of the input

  friend bool operator==(const FrameRef&, const FrameRef&) = default;
};

/// A frame as one number, for layers that know of one input only: number below, file above.
[[nodiscard]] constexpr std::uint64_t pack(FrameRef frame) {
  return std::uint64_t{frame.file} << 48U | frame.number;
}
[[nodiscard]] constexpr FrameRef unpack(std::uint64_t packed) {
  return {.number = packed & 0xffffffffffffU, .file = static_cast<std::uint16_t>(packed >> 48U)};
}

/// Where a capture was taken, an index given by the caller: files that continue each other share one, the two sides of
/// a router have one each. The same message seen at two points makes two calls, one as seen from each.
using Point = std::uint16_t;

/// One SIP message seen once: on one hop, in one capture. A message that passes three hops has three sightings.
struct Sighting {
  Bytes octets;              ///< borrowed until the function that takes the sighting returns
  std::uint32_t length = 0;  ///< on the wire; more than `octets` where the capture was short
  Time time{};
  net::Endpoint source;
  net::Endpoint destination;
  sip::Transport transport = sip::Transport::udp;
  FrameRef frame;  ///< the first frame that it came in
  Point point = 0;
};

/// A message that arrived; as long as `arrival` lives. `frame`: the first that it came in.
[[nodiscard]] inline Sighting sighting_of(const capture::Arrival& arrival, FrameRef frame, Point point = 0) {
  return {.octets = arrival.octets,
          .length = arrival.length,
          .time = arrival.time,
          .source = arrival.source,
          .destination = arrival.destination,
          .transport = arrival.stream ? sip::Transport::tcp : sip::Transport::udp,
          .frame = frame,
          .point = point};
}

/// The two parties of a call by its first request: the caller's tag is that of From. In a call whose begin was not
/// captured the caller is whoever sent the first request that was.
enum class Party : std::uint8_t { caller, callee };
[[nodiscard]] constexpr Party other(Party party) {
  return party == Party::caller ? Party::callee : Party::caller;
}
[[nodiscard]] Bytes name(Party party);

}  // namespace viaduct::call
