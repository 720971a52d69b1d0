// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace viaduct::diagnose::sides {

using base::Duration;
using call::Time;

/// An RTP packet seen once.
struct SeenPacket {
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  Time time{};
  net::Endpoint source;
  net::Endpoint destination;
  std::uint8_t dscp = 0;
  std::uint8_t ttl = 0;  ///< 0: not known
  call::FrameRef frame;
};

/// A second and more without a packet: the next one has this position.
struct PacketPause {
  std::int64_t position = 0;
  Time begin{};  ///< of the packet before
  Time end{};
};

/// Which packets of one SSRC went from one endpoint to another: a bit for each sequence number, and about when. After a
/// jump of more than kMostJump in sequence numbers another one begins.
class PacketRun {
 public:
  static constexpr std::int64_t kMostJump = 3000;

  explicit PacketRun(const SeenPacket& packet);
  /// False if the packet belongs to another run.
  [[nodiscard]] bool fits(const SeenPacket& packet) const;
  /// Blocks that were allocated for it.
  std::size_t add(const SeenPacket& packet);

  std::uint32_t ssrc = 0;
  net::Endpoint source;
  net::Endpoint destination;
  Time first{};
  Time last{};
  call::FrameRef frame;  ///< of the first packet
  std::uint8_t ttl = 0;  ///< of the first packet
  std::uint64_t packets = 0;
  std::array<std::uint32_t, 64> dscp{};  ///< packets by DSCP
  std::vector<PacketPause> pauses{};     ///< the first kMostPauses
  static constexpr std::size_t kMostPauses = 64;

  /// Positions are extended sequence numbers: modulo 65536 they are what the packets say.
  [[nodiscard]] std::int64_t begin() const { return base_; }
  [[nodiscard]] std::int64_t end() const { return base_ + static_cast<std::int64_t>(blocks_.size()) * kBlock; }
  [[nodiscard]] bool has(std::int64_t position) const;
  /// Whether time_at() of this position is the very time of its packet.
  [[nodiscard]] bool notes(std::int64_t position) const;
  /// About when the packet of this position came, between those around it.
  [[nodiscard]] Time time_at(std::int64_t position) const;

 private:
  static constexpr std::int64_t kBlock = 16;
  struct Block {
    std::uint16_t bits = 0;
    std::uint16_t first_bit = 0;
    std::int32_t milliseconds = 0;  ///< from `first` to its first packet
  };

  [[nodiscard]] std::int64_t position_of(std::uint16_t sequence) const;

  std::int64_t base_ = 0;  ///< a multiple of kBlock
  std::int64_t highest_ = 0;
  std::vector<Block> blocks_;
};

/// The RTP packets of one side, in bounded memory.
class PacketLog {
 public:
  struct Limits {
    std::size_t runs = 65536;
    std::size_t blocks = 4U << 20U;  ///< of 16 packets and 8 octets each
  };

  PacketLog() = default;
  explicit PacketLog(Limits limits) : limits_(limits) {}

  void add(const SeenPacket& packet);

  [[nodiscard]] const std::vector<PacketRun>& runs() const VIADUCT_LIFETIME_BOUND { return runs_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Key {
    std::uint32_t ssrc = 0;
    net::Endpoint source;
    net::Endpoint destination;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  Limits limits_;
  std::vector<PacketRun> runs_;
  std::unordered_map<Key, std::size_t, KeyHash> open_;  ///< the last run of each
  std::size_t blocks_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace viaduct::diagnose::sides
