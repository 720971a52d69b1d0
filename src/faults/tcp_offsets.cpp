// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/tcp_offsets.hpp"

#include "faults/sack.hpp"

#include <algorithm>
#include <utility>

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

std::uint32_t TcpOffsets::Direction::original(std::uint32_t number, bool up) const {
  std::int32_t sum = before;
  for (const Change& change : changes) {
    const std::uint32_t begin = shifted(change.sequence, sum);
    if (!is_before(begin, number)) break;
    // A part of what was changed is no part of what was sent: all of it has to come again.
    if (is_before(number, shifted(begin + change.length, change.delta)))
      return up ? change.sequence + change.length : change.sequence;
    sum += change.delta;
  }
  return shifted(number, -sum);
}

void TcpOffsets::Direction::record(const Change& change) {
  // Too old to be told apart: it is in the sum already.
  if (before_end && is_before(change.sequence, *before_end)) return;
  const std::uint32_t end = change.sequence + change.length;
  std::erase_if(changes, [&](const Change& known) {
    return is_before(known.sequence, end) && is_before(change.sequence, known.sequence + known.length);
  });
  if (change.delta == 0) return;
  const auto behind =
      std::ranges::find_if(changes, [&](const Change& known) { return is_before(change.sequence, known.sequence); });
  changes.insert(behind, change);
  if (changes.size() <= kMaxChanges) return;
  before += changes.front().delta;
  before_end = changes.front().sequence + changes.front().length;
  changes.erase(changes.begin());
}

void TcpOffsets::shift(const Flow& flow, Side from, Packet& packet) {
  // Another connection with the same ports counts anew.
  if ((packet.tcp_flags() & (TcpFlags::kSyn | TcpFlags::kAck)) == TcpFlags::kSyn) forget(flow);
  const auto at = connections_.find(key_of(flow));
  if (at == connections_.end()) return;
  at->second.last_used = ++packets_;
  Direction& own = from == Side::inside ? at->second.up : at->second.down;
  const Direction& other = from == Side::inside ? at->second.down : at->second.up;
  if ((packet.tcp_flags() & TcpFlags::kFin) != 0) own.finished = true;
  packet.set_tcp_sequence(shifted(packet.tcp_sequence(), own.offset(packet.tcp_sequence())));
  if ((packet.tcp_flags() & TcpFlags::kAck) != 0) {
    packet.set_tcp_acknowledgement(other.original(packet.tcp_acknowledgement(), false));
    renumber_sack(packet, [&other](const SackBlock& block) {
      return SackBlock{other.original(block.begin, true), other.original(block.end, false)};
    });
  }
  if ((packet.tcp_flags() & TcpFlags::kRst) != 0) connections_.erase(at);
}

void TcpOffsets::changed(const Flow& flow, Side from, const Change& change) {
  const Key key = key_of(flow);
  if (!connections_.contains(key)) {
    if (change.delta == 0) return;
    if (connections_.size() >= kMaxConnections) make_room();
  }
  Connection& connection = connections_[key];
  connection.last_used = ++packets_;
  (from == Side::inside ? connection.up : connection.down).record(change);
}

void TcpOffsets::make_room() {
  // What both sides have ended lives on for the last acknowledgements, but goes before all that is alive.
  connections_.erase(std::ranges::min_element(connections_, {}, [](const auto& entry) {
    const Connection& connection = entry.second;
    return std::pair(!(connection.up.finished && connection.down.finished), connection.last_used);
  }));
}

}  // namespace viaduct::faults
