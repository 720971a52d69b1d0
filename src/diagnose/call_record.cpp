// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_record.hpp"

#include "call/hash.hpp"

#include <algorithm>

namespace viaduct::diagnose {
namespace {

[[nodiscard]] Onset onset_of(const GapFacts& gap, const StreamFacts& stream, std::uint32_t index) {
  Onset onset;
  onset.at = gap.gap.onset;
  onset.length = gap.gap.length;
  onset.heard = gap.gap.heard();
  onset.frame = gap.gap.frame_before;
  onset.stream = index;
  onset.missing = gap.gap.missing;
  onset.kind = gap.kind;
  onset.receiver = stream.receiver;
  onset.lead = gap.gap.ptime;
  if (!stream.named) onset.destination = stream.report.destination;
  onset.known = gap.quiet.has_value();
  onset.quiet = gap.quiet.value_or(Duration{}) >= kIdle;
  onset.revived = gap.receiver_first;
  onset.announced = gap.announced;
  onset.new_source = gap.gap.kind == rtp::Break::new_ssrc;
  // Before a pause nothing tells of a queue, and nothing speaks for one.
  const bool pause = gap.kind == rtp::GapClass::sender_pause;
  onset.calm = gap.gap.rise ? *gap.gap.rise <= gap.gap.rise_limit : pause;
  return onset;
}

/// The sender paused, and what it sent shortly before or after was lost for as long as an outage: phones that suppress
/// silence hide such holes.
[[nodiscard]] bool hides_hole(const GapFacts& gap) {
  return gap.kind == rtp::GapClass::sender_pause && !gap.stopped &&
         gap.gap.longest_run * gap.gap.ptime >= rtp::GapFinder::kOutage;
}

/// A path that loses much and goes on doing so: rtp::GapFinder begins another gap once a second of media was heard, and
/// these beginnings are its own, a rhythm of nothing. For the statistics it is one.
[[nodiscard]] bool goes_on(const rtp::Gap& before, const rtp::Gap& gap) {
  const Duration between = gap.onset - before.end();
  return before.missing > 0 && gap.missing > 0 && before.heard() > Duration{} && between < rtp::GapFinder::kMerge &&
         before.heard() + between > rtp::GapFinder::kMerge;
}

void add_to(Onset& onset, const rtp::Gap& before, const rtp::Gap& gap) {
  onset.heard += gap.heard() + std::max(gap.onset - before.end(), Duration{});
  onset.length = std::max(onset.length, gap.end() - onset.at);
  onset.missing += gap.missing;
  if (onset.kind == rtp::GapClass::hard_hole) onset.kind = rtp::GapClass::unclear;
}

[[nodiscard]] bool refreshes(const call::Event& event) {
  if (event.again != call::Again::first || event.status != 0) return false;
  switch (event.kind) {
    case call::EventKind::re_invite:
    case call::EventKind::update:
    case call::EventKind::register_:
    case call::EventKind::options:
    case call::EventKind::keep_alive:
      return true;
    default:
      return false;
  }
}

/// When media was there, and its onsets.
void add_media(CallRecord& record, std::span<const StreamFacts> streams, std::uint32_t first_stream) {
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const StreamFacts& stream = streams[i];
    if (stream.report.probation) continue;
    record.begin = std::min(record.begin, stream.report.first);
    record.end = record.end == call::kNever ? stream.report.last : std::max(record.end, stream.report.last);
    const rtp::Gap* before = nullptr;
    for (const GapFacts& gap : stream.gaps) {
      if (!gap.outage() && !hides_hole(gap)) continue;
      if (before != nullptr && goes_on(*before, gap.gap))
        add_to(record.onsets.back(), *before, gap.gap);
      else
        record.onsets.push_back(onset_of(gap, stream, first_stream + static_cast<std::uint32_t>(i)));
      before = &gap.gap;
    }
  }
  std::sort(record.onsets.begin(), record.onsets.end(), [](const Onset& a, const Onset& b) { return a.at < b.at; });
}

}  // namespace

double CallRecord::observed() const {
  return begin == call::kNever || end <= begin ? 0 : rtp::seconds(end - begin);
}

CallRecord record_of(const CallFacts& facts, std::uint32_t index, std::uint32_t first_stream) {
  CallRecord record{.index = index, .site = facts.site, .point = facts.call.point};
  record.call_id = facts.call.id_hash;
  if (!facts.call.legs.empty()) {
    record.sides[0] = facts.call.legs.front().caller.address;
    record.sides[1] = facts.call.legs.front().callee.address;
  }
  for (std::size_t i = 0; i < record.users.size(); ++i)
    if (const call::Text& user = facts.call.parties[i].user; !user.empty())
      record.users[i] = call::hash_of(user.view());
  add_media(record, facts.streams, first_stream);
  if (record.onsets.empty()) return record;
  for (const call::Dialog& dialog : facts.call.dialogs) record.session = std::max(record.session, dialog.timer.seconds);
  for (const call::Event& event : facts.call.events)
    if (refreshes(event)) record.refreshes.push_back({event.time, event.frame, event.kind});
  return record;
}

CallRecord record_of(std::span<const StreamFacts> streams, Site site, call::Point point, std::uint32_t first_stream) {
  CallRecord record{.index = kNoCall, .site = site, .point = point};
  if (!streams.empty()) {
    const StreamFacts& first = streams.front();
    record.sides[static_cast<std::size_t>(first.receiver)] = first.report.destination.address;
    record.sides[static_cast<std::size_t>(call::other(first.receiver))] = first.report.source.address;
  }
  add_media(record, streams, first_stream);
  return record;
}

}  // namespace viaduct::diagnose
