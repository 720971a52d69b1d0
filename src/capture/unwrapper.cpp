// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/unwrapper.hpp"

#include "capture/content.hpp"

namespace viaduct::capture {

void Unwrapper::add(const Record& record) {
  ++counts_.frames;
  interface_ = record.interface;
  switch (decode(record.link, record.frame, packet_)) {
    case Decoded::datagram: {
      const std::uint64_t number = record.number;
      take(record, record.frame, {&number, 1}, record.time);
      break;
    }
    case Decoded::fragment:
      put_together(record);
      break;
    case Decoded::not_ip:
      ++counts_.not_ip;
      break;
    case Decoded::unknown_link:
      ++counts_.unknown_link;
      break;
    case Decoded::malformed:
    case Decoded::too_deep:
      ++counts_.malformed;
      break;
  }
}

void Unwrapper::put_together(const Record& record) {
  ++counts_.fragments;
  const Packet last = packet_;
  const FragmentTable::Whole* whole = fragments_.add(record.frame, packet_, record.number, record.time);
  hand_out_incomplete();
  if (whole == nullptr) return;
  if (decode(LinkType::raw, whole->packet, packet_) != Decoded::datagram) {
    ++counts_.malformed;
    return;
  }
  packet_.vlan_count = last.vlan_count;
  packet_.vlans = last.vlans;
  packet_.tunnel_depth = static_cast<std::uint8_t>(packet_.tunnel_depth + last.tunnel_depth);
  if (packet_.tunnel == Tunnel::none) packet_.tunnel = last.tunnel;
  take(record, whole->packet, whole->frames, whole->first);
}

void Unwrapper::take(const Record& record, base::Bytes frame, std::span<const std::uint64_t> frames, Time time) {
  if (packet_.cut()) ++counts_.cut;
  if (packet_.protocol == Protocol::udp) [[likely]]
    datagram(record, frame, frames, time);
  else if (packet_.protocol == Protocol::tcp)
    segment(record, frame, time);
  else
    receiver_.other(record, frame, packet_);
}

void Unwrapper::segment(const Record& record, base::Bytes frame, Time time) {
  constexpr std::uint16_t kSipOverTls = 5061;
  const bool port = packet_.source.port == kSipOverTls || packet_.destination.port == kSipOverTls;
  if (port && looks_like_tls(packet_.payload.of(frame))) ++counts_.sip_over_tls;
  streams_.add(frame, packet_, record.number, time, *this);
}

void Unwrapper::datagram(const Record& record, base::Bytes frame, std::span<const std::uint64_t> frames, Time time) {
  Arrival arrival;
  arrival.octets = packet_.payload.of(frame);
  arrival.length = packet_.payload_length;
  arrival.source = packet_.source;
  arrival.destination = packet_.destination;
  arrival.time = time;
  arrival.frames = frames;
  arrival.interface = record.interface;
  arrival.packet = &packet_;
  if (const std::optional<Hep> hep = parse_hep(arrival.octets))
    hand_out_hep(*hep, arrival);
  else
    receiver_.arrived(arrival);
}

void Unwrapper::hand_out_hep(const Hep& hep, Arrival arrival) {
  arrival.octets = hep.payload;
  arrival.length = static_cast<std::uint32_t>(hep.payload.size());
  arrival.source = hep.source;
  arrival.destination = hep.destination;
  arrival.time = hep.time.value_or(arrival.time);
  arrival.hep = &hep;
  receiver_.arrived(arrival);
}

void Unwrapper::hand_out_incomplete() {
  if (!fragments_.has_incomplete()) [[likely]]
    return;
  for (const FragmentTable::Incomplete& packet : fragments_.take_incomplete()) receiver_.incomplete(packet);
}

void Unwrapper::finish() {
  fragments_.finish();
  hand_out_incomplete();
  streams_.finish(*this);
}

void Unwrapper::stream_message(const StreamEnds& ends, const StreamMessage& message) {
  Arrival arrival;
  arrival.octets = message.octets;
  arrival.length = static_cast<std::uint32_t>(message.octets.size());
  arrival.source = ends.source;
  arrival.destination = ends.destination;
  arrival.time = message.first;
  arrival.stream = true;
  arrival.frames = message.frames;
  arrival.interface = interface_;
  arrival.packet = &packet_;
  if (message.kind == StreamMessage::Kind::sip) {
    receiver_.arrived(arrival);
  } else if (const std::optional<Hep> hep = parse_hep(message.octets)) {
    hand_out_hep(*hep, arrival);
  }
}

void Unwrapper::stream_lost(const StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                            std::uint64_t number) {
  receiver_.stream_lost(ends, problem, octets, number);
}

}  // namespace viaduct::capture
