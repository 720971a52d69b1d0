// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "faults/packet.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace viaduct::faults {

/// Puts IPv4 fragments together, in any order (RFC 791 section 3.2, RFC 4787 REQ-14). Bounded: kMaxDatagrams at a
/// time, each at most 65535 octets and 30 s old; pieces that contradict each other end their datagram (RFC 5722's
/// rule).
class Fragments {
 public:
  static constexpr std::size_t kMaxDatagrams = 256;
  static constexpr std::size_t kMaxPieces = 1400;  ///< of a datagram: 65535 octets over the smallest MTU, 68
  static constexpr base::Duration kLifetime = std::chrono::seconds(30);

  /// A piece; the whole packet when it was the last one missing.
  [[nodiscard]] std::optional<std::string> add(const Packet& piece, base::Instant now);

 private:
  using Key = std::tuple<net::Address, net::Address, std::uint8_t, std::uint16_t>;
  struct Pieces {
    base::Instant first;
    std::map<std::uint32_t, std::string> by_offset;
    std::string header;          ///< of the piece at offset 0
    std::uint32_t total = 0;     ///< of the payload, 0 until the last piece came
    std::uint32_t received = 0;  ///< of the payload; equal to `total` when none is missing
  };
  [[nodiscard]] static bool fits(const Pieces& pieces, std::uint32_t offset, std::size_t length, bool is_last);
  [[nodiscard]] static std::string joined(const Pieces& pieces);
  void make_room(base::Instant now);

  std::map<Key, Pieces> datagrams_;
};

/// `packet` in pieces that fit `mtu`; one piece, itself, if it fits or must not be fragmented.
[[nodiscard]] std::vector<std::string> split(base::Bytes packet, std::size_t mtu);

}  // namespace viaduct::faults
