// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_outcome.hpp"

#include "diagnose/audio_due.hpp"

#include <algorithm>

namespace viaduct::diagnose {
namespace {

/// How long it was due both ways. What follows a re-INVITE overlaps what it ends.
[[nodiscard]] Duration due_both_ways(const AudioPath& path) {
  Duration sum{};
  Time counted = Time::min();
  for (const AudioDue& one : path.due[0])
    for (const AudioDue& two : path.due[1]) {
      const Time from = std::max({one.from, two.from, counted});
      const Time until = std::min(one.until, two.until);
      if (from >= until) continue;
      sum += until - from;
      counted = until;
    }
  return sum;
}

void put_media(const CallFacts& facts, CallOutcome& outcome) {
  outcome.media_seen = !facts.streams.empty();
  for (const AudioPath& path : audio_paths(facts)) {
    if (path.due[0].empty() || path.due[1].empty()) continue;
    const AudioDue& to_caller = path.due[0].front();
    const AudioDue& to_callee = path.due[1].front();
    const Duration due = due_both_ways(path);
    if (due <= outcome.due) continue;
    outcome.due = due;
    outcome.media = {to_caller.told->media.rtp.address, to_callee.told->media.rtp.address};
    outcome.unreachable = names_unreachable(*to_caller.told) && names_unreachable(*to_callee.told);
  }
}

/// Whether all streams of a direction have the endpoint that `end` gives among those of `spans`.
template <class End>
[[nodiscard]] bool all_named(const CallFacts& facts, const std::vector<std::uint32_t>& streams,
                             const std::vector<AudioDue>& due, End end) {
  return !streams.empty() && std::all_of(streams.begin(), streams.end(), [&](std::uint32_t index) {
    return std::any_of(due.begin(), due.end(),
                       [&](const AudioDue& told) { return end(facts.streams[index].report, told.told->media.rtp); });
  });
}

/// The one with the most packets.
[[nodiscard]] std::uint32_t longest(const CallFacts& facts, const std::vector<std::uint32_t>& streams) {
  return *std::max_element(streams.begin(), streams.end(), [&](std::uint32_t a, std::uint32_t b) {
    return facts.streams[a].report.packets < facts.streams[b].report.packets;
  });
}

[[nodiscard]] std::optional<NamedPort> unused_port(const CallFacts& facts, const AudioPath& path,
                                                   call::Party receiver) {
  const std::vector<AudioDue>& due = path.due_to(receiver);
  const std::vector<std::uint32_t>& to = path.streams_to(receiver);
  const std::vector<std::uint32_t>& from = path.streams_to(call::other(receiver));
  const auto arrives = [](const rtp::Report& stream, const net::Endpoint& named) {
    return stream.destination == named;
  };
  const auto beside = [](const rtp::Report& stream, const net::Endpoint& named) {
    return stream.source.address == named.address;
  };
  const auto leaves = [](const rtp::Report& stream, const net::Endpoint& named) { return stream.source == named; };
  if (due.empty() || !all_named(facts, to, due, arrives) || !all_named(facts, from, due, beside)) return std::nullopt;
  for (const std::uint32_t index : from)
    if (all_named(facts, {index}, due, leaves)) return std::nullopt;
  const call::MediaSpan& told = *due.front().told;
  if (!told.media.rtp.address.is_global() || told.source != told.media.rtp.address) return std::nullopt;
  const std::uint32_t heard = longest(facts, to);
  const std::uint32_t spoken = longest(facts, from);
  const rtp::Report& a = facts.streams[heard].report;
  const rtp::Report& b = facts.streams[spoken].report;
  NamedPort found{
      .receiver = receiver, .named = a.destination, .used = b.source, .told = told.from, .frame = told.frame};
  found.streams = {heard, spoken};
  found.length = std::min(a.last, b.last) - std::max(a.first, b.first);
  return found;
}

void put_unused(const CallFacts& facts, std::uint32_t first_stream, CallOutcome& outcome) {
  for (const AudioPath& path : audio_paths(facts))
    for (const call::Party receiver : {call::Party::caller, call::Party::callee})
      if (const std::optional<NamedPort> found = unused_port(facts, path, receiver))
        outcome.unused = std::make_unique<NamedPort>(*found);
  if (!outcome.unused) return;
  for (std::uint32_t& stream : outcome.unused->streams) stream += first_stream;
}

}  // namespace

CallOutcome outcome_of(const CallFacts& facts, std::uint32_t index, std::uint32_t first_stream) {
  const call::Call& call = facts.call;
  CallOutcome outcome{.index = index, .site = facts.site, .point = call.point, .end = call.ending.kind};
  outcome.length = call.ending.after_answer;
  outcome.answered = call.answered;
  outcome.end_frame = call.ending.frame;
  outcome.ended = call.ending.time;
  for (const call::Dialog& dialog : call.dialogs)
    if (dialog.confirmed != call::kNever && dialog.confirmed == call.answered)
      outcome.answer_frame = dialog.confirmed_frame;
  if (call.ending.by && !call.legs.empty()) {
    const call::Leg& leg = call.legs.front();
    outcome.ended_by = (*call.ending.by == call::Party::caller ? leg.caller : leg.callee).address;
  }
  put_media(facts, outcome);
  put_unused(facts, first_stream, outcome);
  outcome.ends = audio_ends(facts);
  for (AudioEnd& end : outcome.ends) {
    end.stream += first_stream;
    if (end.beside) *end.beside += first_stream;
  }
  return outcome;
}

}  // namespace viaduct::diagnose
