// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/tcp_direction.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::capture {
namespace {

/// How far `a` lies behind `b` in the circle of sequence numbers; negative before it (RFC 9293 3.4).
std::int32_t ahead(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b);
}

}  // namespace

void TcpDirection::add(const Segment& segment, OctetSink& sink) {
  if (!began_ && (segment.header.syn || segment.length > 0)) begin(segment.header);
  if (segment.length == 0) return;
  ++counts_.segments;
  // Data in a SYN (RFC 7413) stand behind its own number.
  const std::uint32_t sequence = segment.header.sequence + (segment.header.syn ? 1 : 0);
  if (ahead(sequence, next_) > 0) {
    ++counts_.early;
    hold(sequence, segment);
    while (held_ > kMaxHeld || early_.size() > kMaxSegments) jump(sink);
    return;
  }
  deliver(sequence, segment.payload, segment.length, segment.number, segment.time, sink);
  deliver_held(sink);
}

void TcpDirection::begin(const TcpHeader& header) {
  began_ = true;
  from_start_ = header.syn;
  first_ = next_ = header.sequence + (header.syn ? 1 : 0);
}

/// What of a segment that is due or overdue is new.
void TcpDirection::deliver(std::uint32_t sequence, base::Bytes octets, std::uint32_t length, std::uint64_t number,
                           Time time, OctetSink& sink) {
  const std::uint32_t known = next_ - sequence;
  if (known >= length) {
    ++counts_.again;
    return;
  }
  if (known > 0) ++counts_.overlaps;
  next_ = sequence + length;
  if (known < octets.size()) sink.octets(octets.substr(known), number, time);
  const std::uint32_t there = std::max(known, static_cast<std::uint32_t>(octets.size()));
  if (there == length) return;
  ++counts_.gaps;
  sink.gap(length - there, number, time);
}

void TcpDirection::hold(std::uint32_t sequence, const Segment& segment) {
  const auto before = [](const Early& early, std::uint32_t number) { return ahead(early.sequence, number) < 0; };
  const auto where = std::lower_bound(early_.begin(), early_.end(), sequence, before);
  if (where != early_.end() && where->sequence == sequence && where->length >= segment.length) {
    ++counts_.again;
    return;
  }
  held_ += segment.payload.size();
  early_.insert(where, {sequence, segment.length, std::string(segment.payload), segment.number, segment.time});
}

void TcpDirection::deliver_held(OctetSink& sink) {
  std::size_t done = 0;
  for (; done < early_.size() && ahead(early_[done].sequence, next_) <= 0; ++done) {
    const Early& early = early_[done];
    held_ -= early.octets.size();
    deliver(early.sequence, early.octets, early.length, early.number, early.time, sink);
  }
  early_.erase(early_.begin(), early_.begin() + static_cast<std::ptrdiff_t>(done));
}

/// Gives up what is missing before the first segment that waits.
void TcpDirection::jump(OctetSink& sink) {
  const Early& first = early_.front();
  ++counts_.gaps;
  sink.gap(first.sequence - next_, first.number, first.time);
  next_ = first.sequence;
  deliver_held(sink);
}

void TcpDirection::acknowledged(std::uint32_t acknowledgement, OctetSink& sink) {
  // Only if it covers what waits, too: frames are captured a little out of order on machines with several queues.
  while (!early_.empty() && ahead(acknowledgement, early_.front().sequence + early_.front().length) >= 0) jump(sink);
}

void TcpDirection::finish(OctetSink& sink) {
  while (!early_.empty()) jump(sink);
}

}  // namespace viaduct::capture
