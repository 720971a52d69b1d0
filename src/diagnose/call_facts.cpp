// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_facts.hpp"

#include <algorithm>

namespace viaduct::diagnose {

bool CallFacts::has_media(call::Party receiver) const {
  return std::any_of(streams.begin(), streams.end(),
                     [receiver](const StreamFacts& stream) { return stream.receiver == receiver; });
}

Time CallFacts::ended() const {
  const Time end = std::min(call.over, call.ending.time);
  if (end != call::kNever) return end;
  Time last = call.last;
  for (const StreamFacts& stream : streams)
    if (!stream.report.probation) last = std::max(last, stream.report.last);
  return last;
}

}  // namespace viaduct::diagnose
