// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/call_selector.hpp"

#include "call/hash.hpp"
#include "capture/content.hpp"
#include "sip/fields.hpp"

#include <algorithm>

namespace viaduct::app::analyze {

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
           one->media.contains(arrival.destination);
  });
}

}  // namespace viaduct::app::analyze
