// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::diagnose::sides {

using base::Bytes;
using call::Time;

/// A UDP datagram that is neither SIP nor media, seen once.
struct SeenDatagram {
  std::string octets;
  Time time{};
  net::Endpoint source;
  net::Endpoint destination;
  call::FrameRef frame;
  std::uint8_t ttl = 0;  ///< 0: not known

  /// Of SIP: only CR, LF and NUL (RFC 5626 4.4.1).
  [[nodiscard]] bool is_keep_alive() const { return octets.find_first_not_of(std::string("\r\n\0", 3)) == Bytes::npos; }
};

/// Other traffic of one side, in bounded memory: short datagrams, the first ones. By these a reader knows that both
/// captures are of one router although no SIP passed, and what a box does to what is no SIP.
class DatagramLog {
 public:
  static constexpr std::size_t kLongest = 512;  ///< octets; longer ones are not kept
  static constexpr std::size_t kMost = 16384;

  void add(SeenDatagram datagram) {
    if (datagram.octets.size() <= kLongest && all_.size() < kMost) all_.push_back(std::move(datagram));
  }
  [[nodiscard]] const std::vector<SeenDatagram>& all() const VIADUCT_LIFETIME_BOUND { return all_; }

 private:
  std::vector<SeenDatagram> all_;
};

}  // namespace viaduct::diagnose::sides
