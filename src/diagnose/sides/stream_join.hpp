// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/clocks.hpp"
#include "diagnose/sides/mapping_table.hpp"
#include "diagnose/sides/side_log.hpp"
#include "diagnose/sides/span.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace viaduct::diagnose::sides {

/// Packets that left one side and arrived on the other, while the first was capturing.
struct PassedCount {
  std::uint64_t packets = 0;
  std::uint64_t unseen = 0;   ///< of these not in the capture of the side that they left
  std::uint64_t longest = 0;  ///< of these in a row
};

/// Packets in a row that the side they came from has and the other one has not.
struct MissingRun {
  Time begin{};       ///< by the clock of the first side
  Duration length{};  ///< from its first packet to the next one that arrived, or to its last packet
  std::uint64_t packets = 0;
  std::uint32_t run = 0;      ///< index into PacketLog::runs() of the side where they came from
  std::int64_t position = 0;  ///< of the first, there
};

/// Packets of one DSCP that have another one behind the box.
struct DscpChange {
  std::uint8_t before = 0;
  std::uint8_t after = 0;
  std::uint64_t packets = 0;
};

/// One SSRC in one direction on both sides: NAT may have given it several sources or destinations, one after another.
struct StreamJoin {
  std::uint32_t ssrc = 0;  ///< on the first side
  Side from = Side::first;
  bool way_known = false;
  std::vector<std::uint32_t> first;  ///< indices into PacketLog::runs(), as the next
  std::vector<std::uint32_t> second;
  std::uint64_t compared = 0;      ///< packets of the side it came from while the other one was capturing
  std::uint64_t missing = 0;       ///< of these on the other side
  std::uint64_t behind = 0;        ///< packets sent when the other capture had its last frame behind it
  PassedCount passed{};            ///< of what arrived
  PassedCount scattered{};         ///< outside of the holes of the capture of the side it left
  std::vector<MissingRun> runs{};  ///< by time, the kMostRuns longest
  Arrivals arrivals{};             ///< on the other side
  std::vector<Span> hidden{};      ///< where the capture of the side it left misses it, Unseen::kHole packets and more
  std::optional<DscpChange> dscp{};  ///< of most packets, where it is not the same
  static constexpr std::size_t kMostRuns = 256;

  /// Its runs of packets on a side.
  [[nodiscard]] const std::vector<std::uint32_t>& on(Side side) const { return side == Side::first ? first : second; }
};

/// A stream of which the other side has no packet, although it was sent to it.
struct LoneStream {
  Side side = Side::first;
  std::uint32_t run = 0;
  std::uint64_t packets = 0;  ///< while the other side was capturing
};

/// What the capture of one side missed: packets that reached the other side, and came from this one.
struct Unseen {
  PassedCount all;
  std::vector<Span> holes{};  ///< in which it has no packet of any stream, by time, apart from each other
  static constexpr std::uint64_t kHole = 5;
};

struct StreamJoins {
  std::vector<StreamJoin> joins{};
  std::vector<LoneStream> lone{};
  std::uint64_t compared = 0;  ///< packets, of all joins
  std::uint64_t missing = 0;
  std::uint64_t behind = 0;
  std::array<Unseen, 2> unseen{};  ///< by Side; what a capture missed in a hole counts as neither compared nor missing
  /// SSRCs on the second side of streams that share no end on both, or no number: they are not compared.
  std::vector<std::uint32_t> relayed{};
};

/// What the capture of a side missed of what left there, holes apart, and what did not come there.
struct Misses {
  PassedCount left{};
  std::uint64_t compared = 0;  ///< packets that were sent there
  std::uint64_t missing = 0;
  std::uint64_t longest = 0;  ///< of these in a row

  void add(const StreamJoin& join, Side side);
  /// Whether the second is no more than the first: twice as much at most, and hardly longer in a row.
  [[nodiscard]] bool as_much() const;
};
[[nodiscard]] bool capture_misses_as_much(const StreamJoins& streams, Side side);

/// Where an address lives; nullopt: not known.
using Home = std::function<std::optional<Side>(const net::Address&)>;

/// Joins streams by SSRC, ends and sequence numbers; what is left by ends, numbers and time. `inner` tells the way of
/// translated ones; `home` that of others.
[[nodiscard]] StreamJoins join_streams(const SideLog& first, const SideLog& second, const Clocks& clocks,
                                       std::optional<Side> inner, const Home& home);

/// Where the TTL of joined runs is higher they came from, and what NAT changed is the inner end: votes for the first
/// and the second side to be the inner one.
struct InnerVotes {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  /// Of one thing seen on both sides; TTL 0: not known.
  void add(const net::Endpoint& source_a, const net::Endpoint& destination_a, std::uint8_t ttl_a,
           const net::Endpoint& source_b, const net::Endpoint& destination_b, std::uint8_t ttl_b);
};
void add_stream_votes(const SideLog& first, const SideLog& second, InnerVotes& votes);
void add_stream_mappings(const SideLog& first, const SideLog& second, const StreamJoins& streams, Side inner,
                         const Clocks& clocks, MappingTable& mappings);

}  // namespace viaduct::diagnose::sides
