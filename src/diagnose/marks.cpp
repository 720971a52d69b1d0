// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/marks.hpp"

namespace viaduct::diagnose {

std::vector<rtp::Mark> media_marks(const call::Call& call, call::Party receiver) {
  std::vector<rtp::Mark> marks;
  capture::Time held = call::kNever;
  for (const call::Event& event : call.events) {
    if (!call::is_media(event.kind) || event.from != receiver) continue;
    marks.push_back({rtp::MarkKind::sdp_change, event.time, {}});
    const bool stops = event.kind == call::EventKind::held || event.kind == call::EventKind::media_closed;
    if (stops && held == call::kNever) held = event.time;
    if (stops || held == call::kNever) continue;
    marks.push_back({rtp::MarkKind::inactive, held, event.time - held});
    held = call::kNever;
  }
  if (held != call::kNever) marks.push_back({rtp::MarkKind::inactive, held, call.last - held});
  return marks;
}

}  // namespace viaduct::diagnose
