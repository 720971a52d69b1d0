// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace viaduct::faults {

/// What a line does to packets of one direction. Shares are probabilities from 0 to 1; defaults are a perfect line.
struct LinkSettings {
  double loss = 0;         ///< of single packets, independent of each other
  double burst_enter = 0;  ///< from the good to the bad state, per packet (Gilbert); in the bad state all is lost
  double burst_leave = 1;  ///< from the bad to the good state, per packet
  double reorder = 0;      ///< share of packets that overtake those before them: they get no delay and no jitter
  base::Duration delay{};
  base::Duration jitter{};    ///< added evenly from 0 to this; without reordering the order stays
  std::uint64_t rate = 0;     ///< bit/s on the wire; 0 is no limit
  std::size_t queue = 65536;  ///< octets that wait for `rate`; what does not fit is lost
  bool bleach = false;        ///< DSCP becomes 0 (D10)
};

/// A line of one direction: takes packets now, gives them back when they arrive. Deterministic for a seed. Bounded:
/// what would be more than kMaxWaiting octets on the way is lost.
class Link {
 public:
  static constexpr std::size_t kMaxWaiting = 64U << 20U;

  Link(const LinkSettings& settings, std::uint64_t seed) : settings_(settings), random_(seed) {}

  void send(std::string packet, base::Instant now);
  /// When the next packet arrives.
  [[nodiscard]] std::optional<base::Instant> next() const;
  /// The next packet that has arrived by `now`.
  [[nodiscard]] std::optional<std::string> receive(base::Instant now);

  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  [[nodiscard]] bool chance(double share);
  [[nodiscard]] bool loses();
  /// When the last bit of a packet has left; nullopt: the queue is full.
  [[nodiscard]] std::optional<base::Instant> departure(std::size_t octets, base::Instant now);

  LinkSettings settings_;
  std::mt19937_64 random_;
  std::multimap<base::Instant, std::string> arriving_;  // equal keys keep their order
  std::size_t waiting_ = 0;                             // octets in it
  base::Instant free_at_;
  base::Instant last_arrival_;
  bool bad_ = false;
  std::uint64_t lost_ = 0;
};

}  // namespace viaduct::faults
