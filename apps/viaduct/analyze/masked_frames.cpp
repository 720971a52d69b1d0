// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/masked_frames.hpp"

#include "analyze/masked_media.hpp"
#include "analyze/masked_message.hpp"
#include "capture/writer.hpp"
#include "net/mask.hpp"

#include <algorithm>

namespace viaduct::app::analyze {

MaskedFrames::MaskedFrames(const CallSelector& selector, std::vector<std::uint64_t> frames, const Masks& masks,
                           Write write)
    : selector_(selector),
      keys_(selector.keys()),
      frames_(std::move(frames)),
      masks_(masks),
      write_(std::move(write)),
      unwrapper_(*this) {}

void MaskedFrames::add(const capture::Record& record) {
  while (read_ < frames_.size() && frames_[read_] < record.number) ++read_;
  if (read_ < frames_.size() && frames_[read_] == record.number) planned_[record.number].time = record.time;
  unwrapper_.add(record);
  write_ready(false);
}

void MaskedFrames::finish() {
  unwrapper_.finish();
  write_ready(true);
}

void MaskedFrames::arrived(const capture::Arrival& arrival) {
  const CallSelector::Part part = selector_.part(arrival);
  if (part == CallSelector::Part::none || arrival.frames.empty()) return;
  for (const std::uint64_t frame : arrival.frames) planned_[frame].ready = true;
  // A HEP agent may say anything.
  const bool same_family = arrival.source.address.family == arrival.destination.address.family;
  if (!arrival.source.address.present() || !same_family) return;
  Wrapping wrapping{{net::masked(arrival.source.address, masks_.key), arrival.source.port},
                    {net::masked(arrival.destination.address, masks_.key), arrival.destination.port}};
  if (arrival.packet != nullptr && arrival.hep == nullptr) {
    wrapping.ttl = arrival.packet->ttl;
    wrapping.dscp = arrival.packet->dscp;
  }
  if (arrival.hep != nullptr)
    for (const std::uint64_t frame : arrival.frames) planned_[frame].time = arrival.time;
  const std::string payload = part == CallSelector::Part::message ? masked_message(arrival.octets, masks_.names)
                                                                  : masked_media(arrival.octets, arrival.length, keys_);
  if (arrival.stream)
    segments(arrival, wrapping, payload);
  else
    datagram(arrival, wrapping, payload);
}

void MaskedFrames::datagram(const capture::Arrival& arrival, const Wrapping& wrapping, base::Bytes payload) {
  const std::uint32_t missing = arrival.cut() ? arrival.length - static_cast<std::uint32_t>(arrival.octets.size()) : 0;
  std::vector<std::string> packets = udp_packets(wrapping, payload, arrival.frames.size(), ++identification_, missing);
  for (std::size_t i = 0; i < packets.size(); ++i)
    planned_[arrival.frames[std::min(i, arrival.frames.size() - 1)]].packets.push_back(std::move(packets[i]));
  planned_[arrival.frames.front()].missing = missing;
}

/// The frames of a message share its octets evenly; those that are written already had a message before this one.
void MaskedFrames::segments(const capture::Arrival& arrival, const Wrapping& wrapping, base::Bytes message) {
  std::vector<std::uint64_t> frames;
  for (const std::uint64_t frame : arrival.frames)
    if (next_ < frames_.size() && frame >= frames_[next_]) frames.push_back(frame);
  if (frames.empty()) return;
  const std::uint32_t answered = sequences_.try_emplace({wrapping.destination, wrapping.source}, 1).first->second;
  const std::size_t share = std::clamp<std::size_t>(message.size() / frames.size() + 1, 1, kMostPayload);
  for (std::size_t i = 0; !message.empty(); ++i) {
    const base::Bytes piece = message.substr(0, share);
    append(frames[std::min(i, frames.size() - 1)], wrapping, piece, answered);
    message.remove_prefix(piece.size());
  }
}

void MaskedFrames::append(std::uint64_t frame, const Wrapping& wrapping, base::Bytes piece,
                          std::uint32_t acknowledgement) {
  std::uint32_t& sequence = sequences_.try_emplace({wrapping.source, wrapping.destination}, 1).first->second;
  std::vector<Segment>& segments = planned_[frame].segments;
  const bool fits = !segments.empty() && segments.back().wrapping.source == wrapping.source &&
                    segments.back().wrapping.destination == wrapping.destination &&
                    segments.back().payload.size() + piece.size() <= kMostPayload;
  if (!fits) segments.push_back({wrapping, {}, sequence, acknowledgement});
  segments.back().payload += piece;
  sequence += static_cast<std::uint32_t>(piece.size());
}

void MaskedFrames::write(Planned& planned) {
  for (const Segment& segment : planned.segments)
    planned.packets.push_back(
        tcp_packet(segment.wrapping, segment.payload, segment.sequence, segment.acknowledgement, ++identification_));
  for (const std::string& packet : planned.packets) {
    capture::Record record;
    record.frame = packet;
    record.time = planned.time;
    record.link = capture::LinkType::raw;
    record.original_length = static_cast<std::uint32_t>(packet.size()) + planned.missing;
    write_(record);
  }
}

/// Frames in their order: one that waits for others of its message holds up those behind it.
void MaskedFrames::write_ready(bool all) {
  for (; next_ < frames_.size(); ++next_) {
    const auto planned = planned_.find(frames_[next_]);
    if (planned == planned_.end() || !planned->second.ready) {
      if (!all) return;
      continue;
    }
    write(planned->second);
    planned_.erase(planned);
  }
}

void MaskedFrames::other(const capture::Record& /*record*/, base::Bytes /*frame*/, const capture::Packet& /*packet*/) {}

void MaskedFrames::incomplete(const capture::FragmentTable::Incomplete& /*packet*/) {}

void MaskedFrames::stream_lost(const capture::StreamEnds& /*ends*/, std::optional<sip::FrameProblem> /*problem*/,
                               base::Bytes /*octets*/, std::uint64_t /*number*/) {}

}  // namespace viaduct::app::analyze
