// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_outcome.hpp"

#include "diagnose/audio_due.hpp"

#include <algorithm>

namespace viaduct::diagnose {
namespace {

void put_media(const CallFacts& facts, CallOutcome& outcome) {
  outcome.media_seen = !facts.streams.empty();
  for (const AudioPath& path : audio_paths(facts)) {
    if (path.due[0].empty() || path.due[1].empty()) continue;
    const AudioDue& to_caller = path.due[0].front();
    const AudioDue& to_callee = path.due[1].front();
    const Time from = std::max(to_caller.from, to_callee.from);
    const Time until = std::min(to_caller.until, to_callee.until);
    if (from >= until || until - from <= outcome.due) continue;
    outcome.due = until - from;
    outcome.media = {to_caller.told->media.rtp.address, to_callee.told->media.rtp.address};
    outcome.unreachable = names_unreachable(*to_caller.told) && names_unreachable(*to_callee.told);
  }
}

}  // namespace

CallOutcome outcome_of(const CallFacts& facts, std::uint32_t index) {
  const call::Call& call = facts.call;
  CallOutcome outcome{.index = index, .site = facts.site, .point = call.point, .end = call.ending.kind};
  outcome.length = call.ending.after_answer;
  outcome.answered = call.answered;
  outcome.end_frame = call.ending.frame;
  outcome.ended = call.ending.time;
  for (const call::Dialog& dialog : call.dialogs)
    if (dialog.confirmed != call::kNever && dialog.confirmed == call.answered) outcome.answer_frame = dialog.confirmed_frame;
  if (call.ending.by && !call.legs.empty()) {
    const call::Leg& leg = call.legs.front();
    outcome.ended_by = (*call.ending.by == call::Party::caller ? leg.caller : leg.callee).address;
  }
  put_media(facts, outcome);
  return outcome;
}

}  // namespace viaduct::diagnose
