// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/crossing.hpp"
#include "faults/packet.hpp"

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

namespace viaduct::faults {

/// Sequence numbers of TCP connections in which the box made payload longer or shorter: later octets of the same
/// direction and acknowledgements of the other one have to be shifted. Selective acknowledgements are not.
class TcpOffsets {
 public:
  static constexpr std::size_t kMaxConnections = 4096;
  static constexpr std::size_t kMaxChanges = 32;  ///< per direction; older ones are added up

  /// Shifts sequence and acknowledgement numbers of a packet. Call it for every TCP packet, before payload changes.
  void shift(const Flow& flow, Side from, Packet& packet);
  /// The segment that began at `sequence` (as sent) grew by `delta` octets. Known again when it is sent again.
  void changed(const Flow& flow, Side from, std::uint32_t sequence, std::int32_t delta);
  /// The connection ended.
  void forget(const Flow& flow) { connections_.erase(key_of(flow)); }

 private:
  struct Change {
    std::uint32_t sequence;
    std::int32_t delta;
  };
  struct Direction {
    std::int32_t before = 0;  ///< of changes that were added up
    std::vector<Change> changes;
    /// For octets that begin at `sequence`.
    [[nodiscard]] std::int32_t offset(std::uint32_t sequence) const;
    /// For an acknowledgement of shifted octets.
    [[nodiscard]] std::int32_t offset_of_ack(std::uint32_t acknowledgement) const;
  };
  struct Connection {
    Direction up;
    Direction down;
  };
  using Key = std::tuple<net::Endpoint, net::Endpoint>;
  [[nodiscard]] static Key key_of(const Flow& flow) { return {flow.inner, flow.remote}; }

  std::map<Key, Connection> connections_;
};

}  // namespace viaduct::faults
