// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::faults {

using MacAddress = std::array<std::uint8_t, 6>;

/// One side of the box on an Ethernet: frames to IPv4 packets and back, with its own ARP (RFC 826). The box, not the
/// kernel, owns its addresses there. Pure: frames in, frames out.
class Ethernet {
 public:
  static constexpr std::size_t kMaxNeighbours = 4096;
  static constexpr std::size_t kMaxWaiting = 64;  ///< packets that wait for one neighbour's answer
  static constexpr base::Duration kLifetime = std::chrono::seconds(60);

  /// `own` are the box's addresses; what is not in `net` goes to `gateway`, if there is one.
  Ethernet(const MacAddress& mac, std::vector<net::Address> own, const net::Prefix& net,
           std::optional<net::Address> gateway);

  /// A frame that arrived: the IPv4 packet in it, if it is for the box. ARP is answered and learnt from.
  [[nodiscard]] std::optional<base::Bytes> receive(base::Bytes frame, base::Instant now);
  /// A packet to be sent; it may have to wait for ARP. Packets without a way are lost.
  void send(base::Bytes packet, base::Instant now);
  /// Frames to put on the wire, in order; empties the list.
  [[nodiscard]] std::vector<std::string> take_frames();

 private:
  struct Neighbour {
    std::optional<MacAddress> mac;
    base::Instant asked;
    base::Instant learnt;
    std::deque<std::string> waiting;
  };
  [[nodiscard]] std::optional<net::Address> next_hop(base::Bytes packet) const;
  void receive_arp(base::Bytes frame, base::Instant now);
  void learn(const net::Address& address, const MacAddress& mac, base::Instant now);
  void put_packet(const MacAddress& to, base::Bytes packet);
  void put_arp(std::uint16_t operation, const MacAddress& to, const net::Address& own, const net::Address& target);
  [[nodiscard]] bool is_own(const net::Address& address) const;

  MacAddress mac_;
  std::vector<net::Address> own_;
  net::Prefix net_;
  std::optional<net::Address> gateway_;
  std::map<net::Address, Neighbour> neighbours_;
  std::vector<std::string> frames_;
};

}  // namespace viaduct::faults
