// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_end.hpp"

#include "diagnose/audio_due.hpp"

#include <algorithm>

namespace viaduct::diagnose {
namespace {

constexpr Duration kNear = std::chrono::seconds(2);

/// The last packet towards a party, over all streams.
[[nodiscard]] Time last_towards(const CallFacts& facts, const AudioPath& path, call::Party receiver) {
  Time last = Time::min();
  for (const std::uint32_t index : path.streams_to(receiver)) last = std::max(last, facts.streams[index].report.last);
  return last;
}

/// How much of the times in which audio was due lies between two instants.
[[nodiscard]] Duration due_between(const std::vector<AudioDue>& due, Time from, Time until) {
  Duration sum{};
  Time counted = from;
  for (const AudioDue& one : due) {
    const Time begin = std::max(one.from, counted);
    const Time end = std::min(one.until, until);
    if (begin >= end) continue;
    sum += end - begin;
    counted = end;
  }
  return sum;
}

/// SDP of the receiver that moved or resumed its media where it ceased.
[[nodiscard]] std::optional<AudioEnd::Change> change_near(const CallFacts& facts, const AudioEnd& end) {
  std::optional<AudioEnd::Change> found;
  for (const call::Event& event : facts.call.events)
    if (call::is_media(event.kind) && event.kind != call::EventKind::media_opened && event.from == end.receiver &&
        std::chrono::abs(event.time - end.last) <= kNear)
      found = {event.kind, event.time, event.frame};
  return found;
}

/// SDP named another host for media right where they ceased: they may go past what captured the first ones.
[[nodiscard]] bool goes_elsewhere(const AudioPath& path, Time last) {
  return std::any_of(path.due.begin(), path.due.end(), [last](const std::vector<AudioDue>& due) {
    return std::any_of(due.begin(), due.end(), [&](const AudioDue& one) {
      return std::chrono::abs(one.from - last) <= kNear &&
             one.told->media.rtp.address != due.front().told->media.rtp.address;
    });
  });
}

[[nodiscard]] std::optional<AudioEnd> end_of(const CallFacts& facts, const AudioPath& path, call::Party receiver) {
  const std::vector<AudioDue>& due = path.due_to(receiver);
  const StreamFacts* ceased = nullptr;
  Time begin = Time::max();
  AudioEnd end{.receiver = receiver};
  for (const std::uint32_t index : path.streams_to(receiver)) {
    const StreamFacts& stream = facts.streams[index];
    if (leaves_silence_out(stream)) return std::nullopt;
    begin = std::min(begin, stream.report.first);
    if (ceased != nullptr && stream.report.last <= ceased->report.last) continue;
    ceased = &stream;
    end.stream = index;
  }
  if (ceased == nullptr) return std::nullopt;
  const Time last = ceased->report.last;
  const Time reply = last_towards(facts, path, call::other(receiver));
  end.both = reply != Time::min() && std::chrono::abs(reply - last) <= kNear;
  end.heard = last - begin;
  if (end.both && goes_elsewhere(path, last)) return std::nullopt;
  const auto first = std::find_if(due.begin(), due.end(), [last](const AudioDue& one) { return one.until > last; });
  if (first == due.end()) return std::nullopt;
  const Duration ptime =
      ceased->report.ptimes.empty() ? std::chrono::milliseconds(20) : ceased->report.ptimes.front().ptime;
  end.frame = ceased->report.last_frame;
  end.last = last;
  end.at = std::max(last + ptime, first->from);
  end.length = due_between(due, end.at, Time::max());
  if (end.length < AudioEnd::kShortest) return std::nullopt;
  const Time answered = facts.call.answered != call::kNever ? facts.call.answered : facts.call.first;
  end.age = end.at - answered;
  end.receiver_sent = due_between(due, end.at, std::max(reply, end.at));
  end.change = change_near(facts, end);
  return end;
}

/// The stream to a party with the last packet, on the paths beside `path`.
[[nodiscard]] std::optional<std::uint32_t> last_beside(const CallFacts& facts, const std::vector<AudioPath>& paths,
                                                       const AudioPath& path, call::Party receiver) {
  std::optional<std::uint32_t> last;
  for (const AudioPath& other : paths) {
    if (!path.is_beside(other)) continue;
    for (const std::uint32_t index : other.streams_to(receiver))
      if (!last || facts.streams[index].report.last > facts.streams[*last].report.last) last = index;
  }
  return last;
}

}  // namespace

bool leaves_silence_out(const StreamFacts& stream) {
  return stream.report.comfort_noise > 0 ||
         std::any_of(stream.gaps.begin(), stream.gaps.end(),
                     [](const GapFacts& gap) { return gap.kind == rtp::GapClass::sender_pause; });
}

std::vector<AudioEnd> audio_ends(const CallFacts& facts) {
  std::vector<AudioEnd> ends;
  const std::vector<AudioPath> paths = audio_paths(facts);
  for (const AudioPath& path : paths)
    for (const call::Party receiver : {call::Party::caller, call::Party::callee}) {
      std::optional<AudioEnd> end = end_of(facts, path, receiver);
      if (!end) continue;
      const std::optional<std::uint32_t> beside = last_beside(facts, paths, path, receiver);
      if (beside && facts.streams[*beside].report.last > end->last + kNear) end->beside = beside;
      const bool told = std::any_of(ends.begin(), ends.end(), [&](const AudioEnd& other) {
        return beside && !end->beside && other.receiver == receiver &&
               std::chrono::abs(other.last - end->last) <= kNear;
      });
      if (!told) ends.push_back(*end);
    }
  return ends;
}

void add_ends(CallFacts& facts) {
  for (const AudioEnd& end : audio_ends(facts)) {
    GapFacts gap{.last = true};
    gap.gap.onset = end.at;
    gap.gap.length = end.length;
    gap.gap.silent = end.length;
    gap.gap.ptime = end.at - end.last;
    gap.gap.frame_before = end.frame;
    facts.streams[end.stream].gaps.push_back(gap);
  }
}

}  // namespace viaduct::diagnose
