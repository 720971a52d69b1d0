// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/crossing.hpp"
#include "faults/packet.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace viaduct::faults {

/// Sequence numbers of TCP connections in which the box made payload longer or shorter: later octets of the same
/// direction and acknowledgements of the other one have to be shifted, selective ones (RFC 2018) too.
class TcpOffsets {
 public:
  static constexpr std::size_t kMaxConnections = 4096;
  static constexpr std::size_t kMaxChanges = 128;  ///< per direction; older ones are added up

  /// Octets of the stream as their sender counts them that became longer or shorter by `delta`.
  struct Change {
    std::uint32_t sequence;
    std::uint32_t length;
    std::int32_t delta;
  };

  /// Shifts sequence and acknowledgement numbers of a packet. A block of selective acknowledgement that holds nothing
  /// but a part of a change goes. Call it for every TCP packet, before payload changes.
  void shift(const Flow& flow, Side from, Packet& packet);
  /// A message was sent on; a delta of 0 too, as it may be sent again otherwise than before. It replaces what is known
  /// of the same octets, however they were cut into segments.
  void changed(const Flow& flow, Side from, const Change& change);
  /// The connection ended.
  void forget(const Flow& flow) { connections_.erase(key_of(flow)); }
  [[nodiscard]] std::size_t size() const { return connections_.size(); }

 private:
  struct Direction {
    std::int32_t before = 0;  ///< of changes that were added up
    std::optional<std::uint32_t> before_end;
    std::vector<Change> changes;  ///< in the order of the stream
    bool finished = false;        ///< its FIN was seen
    /// For octets that begin at `sequence`.
    [[nodiscard]] std::int32_t offset(std::uint32_t sequence) const;
    /// A place among shifted octets as the sender of the octets counts. In the middle of what was changed, where no
    /// place is another's, it is the begin of that, or its end.
    [[nodiscard]] std::uint32_t original(std::uint32_t number, bool up) const;
    void record(const Change& change);
  };
  struct Connection {
    Direction up;
    Direction down;
    std::uint64_t last_used = 0;  ///< by the count of packets
  };
  using Key = std::tuple<net::Endpoint, net::Endpoint>;
  [[nodiscard]] static Key key_of(const Flow& flow) { return {flow.inner, flow.remote}; }

  void make_room();

  std::map<Key, Connection> connections_;
  std::uint64_t packets_ = 0;
};

}  // namespace viaduct::faults
