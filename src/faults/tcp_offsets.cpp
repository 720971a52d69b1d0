// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/tcp_offsets.hpp"

#include <algorithm>

namespace viaduct::faults {
namespace {

/// Sequence numbers wrap around (RFC 9293 section 3.4).
bool is_before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

std::uint32_t shifted(std::uint32_t number, std::int32_t by) {
  return number + static_cast<std::uint32_t>(by);
}

}  // namespace

std::int32_t TcpOffsets::Direction::offset(std::uint32_t sequence) const {
  std::int32_t sum = before;
  for (const Change& change : changes)
    if (is_before(change.sequence, sequence)) sum += change.delta;
  return sum;
}

std::int32_t TcpOffsets::Direction::offset_of_ack(std::uint32_t acknowledgement) const {
  std::int32_t sum = before;
  for (const Change& change : changes)
    if (is_before(shifted(change.sequence, sum), acknowledgement)) sum += change.delta;
  return sum;
}

void TcpOffsets::shift(const Flow& flow, Side from, Packet& packet) {
  // Another connection with the same ports counts anew.
  if ((packet.tcp_flags() & (TcpFlags::kSyn | TcpFlags::kAck)) == TcpFlags::kSyn) forget(flow);
  const auto at = connections_.find(key_of(flow));
  if (at == connections_.end()) return;
  const Direction& own = from == Side::inside ? at->second.up : at->second.down;
  const Direction& other = from == Side::inside ? at->second.down : at->second.up;
  const std::int32_t forward = own.offset(packet.tcp_sequence());
  if (forward != 0) packet.set_tcp_sequence(shifted(packet.tcp_sequence(), forward));
  if ((packet.tcp_flags() & TcpFlags::kAck) == 0) return;
  const std::int32_t back = other.offset_of_ack(packet.tcp_acknowledgement());
  if (back != 0) packet.set_tcp_acknowledgement(shifted(packet.tcp_acknowledgement(), -back));
}

void TcpOffsets::changed(const Flow& flow, Side from, std::uint32_t sequence, std::int32_t delta) {
  const Key key = key_of(flow);
  if (connections_.size() >= kMaxConnections && !connections_.contains(key)) connections_.erase(connections_.begin());
  Connection& connection = connections_[key];
  Direction& direction = from == Side::inside ? connection.up : connection.down;
  const auto known = std::ranges::find(direction.changes, sequence, &Change::sequence);
  if (known != direction.changes.end()) {
    known->delta = delta;
    return;
  }
  if (delta == 0) return;
  if (direction.changes.size() == kMaxChanges) {
    direction.before += direction.changes.front().delta;
    direction.changes.erase(direction.changes.begin());
  }
  direction.changes.push_back({sequence, delta});
}

}  // namespace viaduct::faults
