// SPDX-License-Identifier: GPL-2.0-or-later
// How much of a call remains when it is over.
#include "call/call.hpp"

#include <algorithm>

namespace viaduct::call {

std::size_t Call::footprint() const {
  std::size_t octets = sizeof(Call) + call_id.footprint() + session_id.footprint() + caller_tag.footprint() +
                       ending.reason.footprint() + invite_contact_.footprint();
  for (const Identity& identity : parties)
    octets += identity.uri.footprint() + identity.user.footprint() + identity.product.footprint();
  octets += legs.capacity() * sizeof(Leg) + dialogs.capacity() * sizeof(Dialog) +
            endpoints.capacity() * sizeof(net::Endpoint) + events.capacity() * sizeof(Event);
  for (const Leg& leg : legs)
    octets +=
        leg.hops.capacity() * sizeof(leg.hops.front()) + leg.transactions.footprint() + leg.negotiation.footprint();
  for (const Dialog& dialog : dialogs) octets += dialog.footprint();
  return octets;
}

/// The first two thirds of `most` and the last third: how the call was set up, and how it ended.
void Call::shrink_events(std::size_t most) {
  if (events.size() > most) {
    const std::size_t tail = most / 3;
    const auto from = events.begin() + static_cast<std::ptrdiff_t>(most - tail);
    const auto end = events.end() - static_cast<std::ptrdiff_t>(tail);
    dropped_events += static_cast<std::uint32_t>(end - from);
    events.erase(from, end);
  }
  events.shrink_to_fit();
  std::vector<net::Endpoint> named;
  named.swap(endpoints);
  for (Event& event : events)
    for (std::uint8_t* const index : {&event.source, &event.destination})
      if (*index < named.size()) *index = endpoint_index(named[*index]);
  endpoints.shrink_to_fit();
}

void Call::shrink_legs(std::size_t most) {
  if (legs.size() > most) {
    dropped_legs += static_cast<std::uint32_t>(legs.size() - most);
    legs.erase(legs.begin() + static_cast<std::ptrdiff_t>(most), legs.end());
    for (Event& event : events)
      if (event.leg >= most) event.leg = kNoLeg;
  }
  legs.shrink_to_fit();
}

void Call::shrink(std::size_t octets) {
  for (Leg& leg : legs) {
    leg.hops = {};
    leg.transactions.shrink(last, 4);
    leg.negotiation.shrink(Negotiation::kMaxSpans, MediaLine::kMaxCodecs);
  }
  legs.shrink_to_fit();
  dialogs.shrink_to_fit();
  shrink_events(kMaxEvents);
  for (std::size_t most = 48; most > 0 && footprint() > octets; most = most * 2 / 3) {
    shrink_events(most);
    for (Leg& leg : legs) {
      leg.transactions.shrink(last, most / 8);
      leg.negotiation.shrink(std::max<std::size_t>(most / 2, 1), std::max<std::size_t>(most / 2, 1));
    }
    const std::size_t parts = std::max<std::size_t>(most / 4, 1);
    shrink_legs(parts);
    if (dialogs.size() > parts) {
      dropped_dialogs += static_cast<std::uint32_t>(dialogs.size() - parts);
      dialogs.erase(dialogs.begin() + static_cast<std::ptrdiff_t>(parts), dialogs.end());
      dialogs.shrink_to_fit();
    }
  }
}

}  // namespace viaduct::call
