// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/tcp_table.hpp"

#include "net/table_hash.hpp"

#include <iterator>
#include <utility>

namespace viaduct::capture {
namespace {

StreamEnds reverse(const StreamEnds& ends) {
  return {ends.destination, ends.source};
}

void add_to(TcpDirection::Counts& sum, const TcpDirection::Counts& counts) {
  sum.segments += counts.segments;
  sum.again += counts.again;
  sum.overlaps += counts.overlaps;
  sum.early += counts.early;
  sum.gaps += counts.gaps;
}

}  // namespace

std::size_t TcpTable::EndsHash::operator()(const StreamEnds& ends) const {
  return net::table_hash(ends.source, ends.destination);
}

std::size_t TcpTable::Connection::held() const {
  std::size_t sum = 0;
  for (const Direction& direction : directions) sum += direction.order.held() + direction.cutter.held();
  return sum;
}

void TcpTable::add(base::Bytes frame, const Packet& packet, std::uint64_t number, Time time, StreamReceiver& receiver) {
  receiver_ = &receiver;
  const TcpDirection::Segment segment{tcp_header(frame, packet), packet.payload.of(frame), packet.payload_length,
                                      number, time};
  bool reversed = false;
  Connection& connection = connection_of({packet.source, packet.destination}, reversed);
  held_ -= connection.held();
  run(connection, reversed ? 1 : 0, segment);
  held_ += connection.held();
  while (held_ > limits_.octets && connections_.size() > 1) close(connections_.begin());
}

TcpTable::Connection& TcpTable::connection_of(const StreamEnds& ends, bool& reversed) {
  reversed = ends.destination < ends.source;
  const StreamEnds key = reversed ? reverse(ends) : ends;
  if (const auto found = index_.find(key); found != index_.end()) {
    connections_.splice(connections_.end(), connections_, found->second);
    return *found->second;
  }
  if (connections_.size() >= limits_.connections) close(connections_.begin());
  Connection& connection = connections_.emplace_back();
  connection.ends = key;
  for (Direction& direction : connection.directions) direction.cutter.tell(*this);
  index_.emplace(key, std::prev(connections_.end()));
  return connection;
}

void TcpTable::run(Connection& connection, std::size_t direction, const TcpDirection::Segment& segment) {
  Direction& one = connection.directions[direction];
  Direction& other = connection.directions[1 - direction];
  current_ = direction == 0 ? connection.ends : reverse(connection.ends);
  if (one.order.is_succeeded_by(segment.header)) restart(one);
  if (segment.header.syn) one.cutter.begin_at_start();
  one.order.add(segment, one.cutter);
  if (!segment.header.ack) return;
  current_ = reverse(current_);
  other.order.acknowledged(segment.header.acknowledgement, other.cutter);
}

/// The ports are used again by another connection.
void TcpTable::restart(Direction& direction) {
  direction.order.finish(direction.cutter);
  add_to(counts_, direction.order.counts());
  direction = {};
  direction.cutter.tell(*this);
}

void TcpTable::close(Connections::iterator connection) {
  held_ -= connection->held();
  for (std::size_t i = 0; i < 2; ++i) {
    Direction& direction = connection->directions[i];
    current_ = i == 0 ? connection->ends : reverse(connection->ends);
    direction.order.finish(direction.cutter);
    add_to(counts_, direction.order.counts());
  }
  index_.erase(connection->ends);
  connections_.erase(connection);
}

void TcpTable::finish(StreamReceiver& receiver) {
  receiver_ = &receiver;
  while (!connections_.empty()) close(connections_.begin());
}

void TcpTable::message(const StreamMessage& message) {
  receiver_->stream_message(current_, message);
}

void TcpTable::lost(std::optional<sip::FrameProblem> problem, base::Bytes octets, std::uint64_t number) {
  receiver_->stream_lost(current_, problem, octets, number);
}

}  // namespace viaduct::capture
