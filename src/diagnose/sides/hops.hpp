// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <utility>

namespace viaduct::diagnose::sides {

/// The TTL, or hop limit, that packets from one host to another have on the two sides of a router that translates
/// nothing.
struct Hop {
  static constexpr std::uint8_t kAny =
      255;  ///< all are of this side: they were never seen on the other one, which is 0
  std::uint8_t inside = 0;
  std::uint8_t outside = 0;

  [[nodiscard]] bool is_inside(std::uint8_t ttl) const { return ttl == inside || (inside == kAny && outside == 0); }
  [[nodiscard]] bool is_outside(std::uint8_t ttl) const { return ttl == outside || (outside == kAny && inside == 0); }
};

/// By source and destination.
using Hops = std::map<std::pair<net::Address, net::Address>, Hop>;

/// Finds out whether one capture has packets twice, a hop apart, as one of both sides of a router that only routes has
/// them. A bridge and its ports show copies with the same TTL, and who retransmits waits longer. Memory is bounded,
/// and a packet costs a quick hash of its first octets.
class HopFinder {
 public:
  static constexpr std::size_t kMostPairs = 4096;

  /// A datagram; `ttl` 0: not known.
  void see(base::Bytes octets, const net::Endpoint& source, const net::Endpoint& destination, std::uint8_t ttl,
           call::Time time);

  /// Of hosts between which both ways were seen so. Inside is the private one, or who speaks with fewer others. Where
  /// one of these hosts has but one way doubled with a third, as a relay, the other one never passed the router.
  [[nodiscard]] Hops hops() const;

 private:
  static constexpr std::size_t kRecent = 1024;  ///< packets among which the other copy is looked for

  struct Seen {
    std::uint64_t key = 0;
    call::Time time{};
    std::uint8_t ttl = 0;
  };
  /// Packets from one host to another that were seen with two TTLs.
  struct Copies {
    std::uint8_t higher = 0;
    std::uint8_t lower = 0;
    std::uint64_t alike = 0;
    std::uint64_t otherwise = 0;  ///< with two other ones

    [[nodiscard]] bool tell() const { return alike >= 3 && otherwise * 10 <= alike; }
    [[nodiscard]] Hop hop(bool outbound) const { return outbound ? Hop{higher, lower} : Hop{lower, higher}; }
  };

  void add_one_way(Hops& hops) const;

  std::array<Seen, kRecent> recent_{};
  std::map<std::pair<net::Address, net::Address>, Copies> copies_;
};

}  // namespace viaduct::diagnose::sides
