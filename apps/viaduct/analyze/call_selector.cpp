// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/call_selector.hpp"

#include "call/hash.hpp"
#include "capture/content.hpp"
#include "rtp/packet.hpp"
#include "rtp/rtcp.hpp"
#include "sip/fields.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace viaduct::app::analyze {
namespace {

/// The SSRC of who sent it; of what is neither RTP nor RTCP there is none.
[[nodiscard]] std::optional<std::uint32_t> source_of(const capture::Arrival& arrival) {
  if (capture::looks_like_rtcp(arrival.octets)) {
    const std::optional<rtp::RtcpPacket> first = rtp::RtcpWalk(arrival.octets).next();
    return first ? std::optional(first->ssrc) : std::nullopt;
  }
  const base::Result<rtp::Packet, rtp::PacketProblem> packet = rtp::parse_packet(arrival.octets, arrival.length);
  return packet ? std::optional(packet->ssrc) : std::nullopt;
}

/// Shortly before and behind a call the calls next to it may use its ports.
[[nodiscard]] bool is_its_own(const CallTraffic& traffic, const capture::Arrival& arrival) {
  if (arrival.time >= traffic.begin && arrival.time <= traffic.end) return true;
  const std::optional<std::uint32_t> source = source_of(arrival);
  return !source || traffic.sources.contains(*source);
}

}  // namespace

CallSelector::CallSelector(const std::vector<CallTraffic>& traffic, call::Point point) {
  for (const CallTraffic& one : traffic)
    if (one.point == point) traffic_.push_back(&one);
}

CallSelector::Part CallSelector::part(const capture::Arrival& arrival) const {
  if (capture::looks_like_sip(arrival.octets, arrival.cut()))
    return is_message(arrival.octets) ? Part::message : Part::none;
  return !arrival.stream && is_media(arrival) ? Part::media : Part::none;
}

std::bitset<128> CallSelector::keys() const {
  std::bitset<128> all;
  for (const CallTraffic* const one : traffic_) all |= one->keys;
  return all;
}

bool CallSelector::is_message(base::Bytes octets) const {
  sip::Result<sip::Message> message = sip::parse(octets);
  // As the analysis does: the lines before one that is damaged can be read.
  if (!message) message = sip::parse(octets.substr(0, message.error().offset));
  if (!message) return false;
  const sip::Result<sip::Range> id = sip::call_id(*message);
  if (!id) return false;
  const std::uint64_t hash = call::hash_of(message->text(*id));
  return std::any_of(traffic_.begin(), traffic_.end(), [hash](const CallTraffic* one) { return one->id_hash == hash; });
}

bool CallSelector::is_media(const capture::Arrival& arrival) const {
  return std::any_of(traffic_.begin(), traffic_.end(), [&](const CallTraffic* one) {
    return arrival.time >= one->from && arrival.time <= one->until && one->media.contains(arrival.source) &&
           one->media.contains(arrival.destination) && is_its_own(*one, arrival);
  });
}

}  // namespace viaduct::app::analyze
