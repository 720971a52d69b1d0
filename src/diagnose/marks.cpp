// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/marks.hpp"

namespace viaduct::diagnose {

namespace {

/// When a party let nothing come, or had the other one on hold.
void add_stops(const call::Call& call, call::Party party, rtp::MarkKind kind, std::vector<rtp::Mark>& marks) {
  capture::Time held = call::kNever;
  for (const call::Event& event : call.events) {
    if (!call::is_media(event.kind) || event.from != party) continue;
    const bool stops = event.kind == call::EventKind::held || event.kind == call::EventKind::media_closed;
    if (stops && held == call::kNever) held = event.time;
    if (stops || held == call::kNever) continue;
    marks.push_back({kind, held, event.time - held});
    held = call::kNever;
  }
  if (held != call::kNever) marks.push_back({kind, held, call.last - held});
}

}  // namespace

std::vector<rtp::Mark> media_marks(const call::Call& call, call::Party receiver) {
  std::vector<rtp::Mark> marks;
  for (const call::Event& event : call.events)
    if (call::is_media(event.kind) && event.from == receiver)
      marks.push_back({rtp::MarkKind::sdp_change, event.time, {}});
  add_stops(call, receiver, rtp::MarkKind::inactive, marks);
  add_stops(call, call::other(receiver), rtp::MarkKind::held, marks);
  return marks;
}

}  // namespace viaduct::diagnose
