// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/two_sides.hpp"

#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "diagnose/sides/selection.hpp"
#include "rtp/packet.hpp"

#include <cstring>
#include <unordered_set>

namespace viaduct::app::analyze {
namespace {

void add_message(diagnose::sides::SideLog& side, const capture::Arrival& arrival, call::FrameRef frame) {
  const sip::Result<sip::Message> message = sip::parse(arrival.octets);
  if (!message) return;
  const call::Sighting seen = call::sighting_of(arrival, frame);
  const sip::Result<call::Reading> reading = call::read(seen, *message);
  if (!reading) return;
  diagnose::sides::Carriage carriage;
  if (arrival.packet != nullptr && arrival.hep == nullptr) {
    carriage.ttl = arrival.packet->ttl;
    carriage.dscp = arrival.packet->dscp;
  }
  // Of a stream the frames are segments, and those of TCP may be cut anew anywhere.
  if (!arrival.stream && arrival.hep == nullptr) carriage.fragments = static_cast<std::uint16_t>(arrival.frames.size());
  if (arrival.stream) carriage.segments = static_cast<std::uint16_t>(arrival.frames.size());
  side.messages.add(*reading, carriage);
}

void add_packet(diagnose::sides::SideLog& side, const capture::Arrival& arrival, call::FrameRef frame) {
  const base::Result<rtp::Packet, rtp::PacketProblem> packet = rtp::parse_packet(arrival.octets, arrival.length);
  if (!packet) return;
  diagnose::sides::SeenPacket seen;
  seen.ssrc = packet->ssrc;
  seen.sequence = packet->sequence;
  seen.time = arrival.time;
  seen.source = arrival.source;
  seen.destination = arrival.destination;
  seen.frame = frame;
  if (arrival.packet != nullptr && arrival.hep == nullptr) {
    seen.dscp = arrival.packet->dscp;
    seen.ttl = arrival.packet->ttl;
  }
  side.packets.add(seen);
}

void add_datagram(diagnose::sides::SideLog& side, const capture::Arrival& arrival, call::FrameRef frame) {
  if (arrival.stream || arrival.hep != nullptr || arrival.cut()) return;
  side.datagrams.add({.octets = std::string(arrival.octets),
                      .time = arrival.time,
                      .source = arrival.source,
                      .destination = arrival.destination,
                      .frame = frame,
                      .ttl = arrival.packet != nullptr ? arrival.packet->ttl : std::uint8_t{0}});
}

/// Calls of which any message passes, by the hashes of their Call-IDs, also as the other side has them.
[[nodiscard]] std::unordered_set<std::uint64_t> calls_of(const diagnose::sides::Comparison& comparison,
                                                         const CallFilter& filter) {
  std::unordered_set<std::uint64_t> calls;
  for (const diagnose::sides::SideLog* const side : comparison.logs)
    for (const diagnose::sides::SeenMessage& seen : side->messages.all()) {
      if (calls.contains(seen.call_id)) continue;
      const sip::Result<sip::Message> message = sip::parse(seen.octets);
      if (message && filter.passes(*message, seen.source, seen.destination)) calls.insert(seen.call_id);
    }
  for (const diagnose::sides::MessagePair& pair : comparison.alignment.pairs) {
    const std::uint64_t first = comparison.first(pair).call_id;
    const std::uint64_t second = comparison.second(pair).call_id;
    if (calls.contains(first) || calls.contains(second)) calls.insert({first, second});
  }
  return calls;
}

}  // namespace

diagnose::sides::Comparison TwoSides::compare(const CallFilter& filter,
                                              std::pair<capture::Time, capture::Time> window) const {
  diagnose::sides::Comparison comparison = diagnose::sides::compare(first_, second_);
  const bool always = window == std::pair(capture::Time::min(), capture::Time::max());
  if (filter.all() && always) return comparison;
  const std::unordered_set<std::uint64_t> calls = calls_of(comparison, filter);
  diagnose::sides::select(
      comparison, {.message = [&](const diagnose::sides::SeenMessage& seen) { return calls.contains(seen.call_id); },
                   .endpoint = [&](const net::Endpoint& endpoint) { return filter.passes(endpoint, endpoint); },
                   .from = window.first,
                   .until = window.second});
  return comparison;
}

void TwoSides::add(diagnose::sides::SideLog& side, const capture::Arrival& arrival, call::FrameRef frame) {
  switch (capture::classify(arrival.octets)) {
    case capture::Content::sip:
      return add_message(side, arrival, frame);
    case capture::Content::rtp:
      if (!arrival.stream) add_packet(side, arrival, frame);
      return;
    case capture::Content::other:
    case capture::Content::keep_alive:
      return add_datagram(side, arrival, frame);
    default:
      return;
  }
}

std::optional<std::string> TwoSides::read(const std::string& path, finding::InputSummary& input, std::uint16_t index) {
  input.path = path == "-" ? "stdin" : path;
  input_ = index;
  std::expected<capture::CaptureReader, int> reader =
      path == "-" ? capture::CaptureReader(capture::inflow_of_descriptor(0, false))
                  : capture::CaptureReader::open(path);
  if (!reader) return std::strerror(reader.error());
  capture::Unwrapper unwrapper(*this);
  for (capture::Record record; reader->next(record);) {
    ++input.frames;
    if (record.timed) {
      input.first = std::min(input.first.value_or(record.time), record.time);
      input.last = std::max(input.last.value_or(record.time), record.time);
      second_.saw(record.time);
    }
    unwrapper.add(record);
  }
  unwrapper.finish();
  input.octets = reader->offset();
  for (const capture::Interface& interface : reader->interfaces())
    second_.lost_frames += std::max(interface.dropped_beside_frames, interface.dropped.value_or(0));
  if (!reader->cut()) return std::nullopt;
  std::string reason(capture::text(reader->cut()->reason));
  if (input.frames == 0) return reason;
  input.problems.push_back("read up to octet " + std::to_string(reader->cut()->offset) + ": " + reason);
  return std::nullopt;
}

void TwoSides::arrived(const capture::Arrival& arrival) {
  call::FrameRef frame;
  frame.number = arrival.frames.empty() ? 0 : arrival.frames.front() & 0xffffffffffffU;
  frame.file = input_;
  add(second_, arrival, frame);
}

void TwoSides::other(const capture::Record& /*record*/, base::Bytes /*frame*/, const capture::Packet& /*packet*/) {}

void TwoSides::incomplete(const capture::FragmentTable::Incomplete& packet) {
  if (second_.broken.size() >= diagnose::sides::BrokenPacket::kMost) return;
  second_.broken.push_back({packet.first, packet.source, packet.destination, packet.octets, {}});
}

void TwoSides::stream_lost(const capture::StreamEnds& ends, std::optional<sip::FrameProblem> problem,
                           base::Bytes octets, std::uint64_t number) {
  if (problem) add_broken(second_, ends, octets, {.number = number & 0xffffffffffffU, .file = input_});
}

void TwoSides::add_broken(diagnose::sides::SideLog& side, const capture::StreamEnds& ends, base::Bytes octets,
                          call::FrameRef frame) {
  using diagnose::sides::BrokenStream;
  if (side.streams.size() < BrokenStream::kMost)
    side.streams.push_back(
        {ends.source, ends.destination, std::string(octets.substr(0, BrokenStream::kLongest)), frame});
}

}  // namespace viaduct::app::analyze
