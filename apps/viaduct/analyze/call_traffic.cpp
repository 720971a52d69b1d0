// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/call_traffic.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <chrono>

namespace viaduct::app::analyze {
namespace {

/// Media come before the answer was captured, and go on behind the BYE.
constexpr base::Duration kSlack = std::chrono::seconds(5);

void add(CallTraffic& traffic, const net::Endpoint& endpoint) {
  if (!endpoint.address.present() || endpoint.port == 0) return;
  traffic.media.insert(endpoint);
  if (endpoint.port < 0xffff) traffic.media.insert({endpoint.address, static_cast<std::uint16_t>(endpoint.port + 1)});
}

}  // namespace

CallTraffic traffic_of(const call::Call& call, const std::vector<std::unique_ptr<MediaFlow>>& flows) {
  CallTraffic traffic{.id_hash = call.id_hash, .point = call.point};
  traffic.begin = call.first;
  traffic.end = call.last;
  for (const call::Leg& leg : call.legs)
    for (const call::MediaSpan& span : leg.negotiation.spans()) {
      add(traffic, span.media.rtp);
      add(traffic, span.media.rtcp);
      for (const call::Codec& codec : span.media.codecs)
        if (base::iequals(codec.encoding_name(), "telephone-event")) traffic.keys.set(codec.payload_type & 0x7fU);
    }
  for (const std::unique_ptr<MediaFlow>& flow : flows)
    for (const rtp::Stream& stream : flow->flow.streams()) {
      add(traffic, stream.source());
      add(traffic, stream.destination());
      traffic.sources.insert(stream.ssrc());
      traffic.begin = std::min(traffic.begin, stream.first_edge().time);
      traffic.end = std::max(traffic.end, stream.last_edge().time);
    }
  // Times come from the file, and may stand at the end of all time.
  traffic.from = std::max(traffic.begin, capture::Time::min() + kSlack) - kSlack;
  traffic.until = std::min(traffic.end, capture::Time::max() - kSlack) + kSlack;
  return traffic;
}

}  // namespace viaduct::app::analyze
