// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_end.hpp"

#include "diagnose/audio_due.hpp"

#include <algorithm>
#include <array>

namespace viaduct::diagnose {
namespace {

constexpr Duration kNear = std::chrono::seconds(2);
/// Who hears nothing says hello, waits for an answer, says it again and only then hangs up. A call that is over sooner
/// than that after its last audio just ended: a handset takes a second or two to its cradle.
constexpr Duration kOver = std::chrono::seconds(3);
/// Fewer pauses may be those of somebody who muted himself, which is no habit.
constexpr std::size_t kHabit = 3;
/// How much longer than the longest pause before the last one may be, to be one more for certain, and to be one at all.
constexpr int kUsual = 2;
constexpr int kLonger = 4;

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

/// When audio that ceased at a time has to come again: who falls silent as a lull begins plays no music, or hears none.
[[nodiscard]] Time due_again(const AudioPath& path, Time last) {
  Time at = last;
  for (const Lull& lull : path.lulls)
    if (std::chrono::abs(lull.from - at) <= kNear) at = std::max(at, lull.until);
  return at;
}

/// It was to come again where a hold ended.
[[nodiscard]] bool after_hold(const AudioPath& path, const AudioEnd& end) {
  return std::ranges::any_of(path.lulls, [&](const Lull& lull) {
    return lull.held && lull.until > end.last && std::chrono::abs(lull.until - end.at) <= kNear;
  });
}

/// Where SDP moved it, it came.
[[nodiscard]] bool followed(const AudioPath& path, const AudioEnd& end, const net::Endpoint& destination) {
  return std::ranges::any_of(path.due_to(end.receiver), [&](const AudioDue& due) {
    return due.until > end.last + kNear && due.told->media.rtp == destination;
  });
}

/// SDP of the receiver that moved its media where it ceased, or that of either party that ended a hold.
[[nodiscard]] std::optional<AudioEnd::Change> change_near(const CallFacts& facts, const AudioPath& path,
                                                          const AudioEnd& end) {
  const bool held = after_hold(path, end);
  const bool came = followed(path, end, facts.streams[end.stream].report.destination);
  std::optional<AudioEnd::Change> found;
  for (const call::Event& event : facts.call.events) {
    const bool moved = !came && event.kind == call::EventKind::media_moved && event.from == end.receiver &&
                       std::chrono::abs(event.time - end.last) <= kNear;
    const bool resumed =
        held && event.kind == call::EventKind::resumed && std::chrono::abs(event.time - end.at) <= kNear;
    if (moved || resumed) found = {event.kind, event.time, event.frame};
  }
  return found;
}

/// Two seconds of audio that nobody heard are no report that was early.
constexpr std::uint64_t kUnheard = 100;

/// The most that can have come of a stream since a time: keys that are sent beside audio, and a packet time that
/// changes, make the packets of a second differ. Half of what the mean gives came before, at least.
[[nodiscard]] std::uint64_t most_since(const rtp::Report& report, Time since) {
  const Duration all = report.last - report.first;
  if (since <= report.first || all <= Duration::zero()) return report.expected;
  const double before = rtp::seconds(std::min(since - report.first, all)) / rtp::seconds(all);
  return report.expected - static_cast<std::uint64_t>(static_cast<double>(report.expected) * before / 2);
}

/// What the sender says it sent after the last packet that came: what it counts between two of its reports, less what
/// can have come since the first of them. Most of the time that is left has to be counted.
void add_count(const StreamFacts& stream, Duration ptime, AudioEnd& end) {
  if (!stream.rtcp || stream.rtcp->sender_reports < 2) return;
  const rtp::SenderCount& first = stream.rtcp->counted_first;
  const rtp::SenderCount& last = stream.rtcp->counted_last;
  if (last.at <= end.at || last.packets <= first.packets) return;
  const std::uint64_t sent = last.packets - first.packets;
  const std::uint64_t came = most_since(stream.report, first.at);
  const auto due = static_cast<std::uint64_t>((last.at - std::max(end.at, first.at)) / ptime);
  if (sent < came + kUnheard || (sent - came) * 2 < due) return;
  end.unheard = sent - came;
  end.counted = last;
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
    begin = std::min(begin, stream.report.first);
    if (ceased != nullptr && stream.report.last <= ceased->report.last) continue;
    ceased = &stream;
    end.stream = index;
  }
  if (ceased == nullptr) return std::nullopt;
  const Time last = ceased->report.last;
  const Time reply = last_towards(facts, path, call::other(receiver));
  const Time again = due_again(path, last);
  end.both = reply != Time::min() && std::chrono::abs(reply - last) <= kNear &&
             due_between(path.due_to(call::other(receiver)), again, Time::max()) > Duration::zero();
  end.heard = last - begin;
  if (end.both && goes_elsewhere(path, last)) return std::nullopt;
  const auto first = std::find_if(due.begin(), due.end(), [&](const AudioDue& one) { return one.until > again; });
  if (first == due.end()) return std::nullopt;
  const Duration ptime = ceased->report.ptime().value_or(std::chrono::milliseconds(20));
  end.frame = ceased->report.last_frame;
  end.noise = ceased->report.ends_in_noise;
  end.last = last;
  end.at = std::max({last + ptime, again, first->from});
  end.length = due_between(due, end.at, Time::max());
  if (end.length < kOver) return std::nullopt;
  const Time answered = facts.call.answered != call::kNever ? facts.call.answered : facts.call.first;
  end.age = end.at - answered;
  end.receiver_sent = due_between(due, end.at, std::max(reply, end.at));
  end.change = change_near(facts, path, end);
  add_count(*ceased, ptime, end);
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

/// A pause that no signalling explains: all of it was due, and nobody was on hold.
[[nodiscard]] bool own_pause(const GapFacts& facts, const AudioPath& path, call::Party receiver) {
  const rtp::Gap& gap = facts.gap;
  if (facts.kind != rtp::GapClass::sender_pause ||
      due_between(path.due_to(receiver), gap.onset, gap.end()) < gap.length)
    return false;
  return std::ranges::none_of(
      path.lulls, [&](const Lull& lull) { return lull.from - kNear < gap.end() && gap.onset < lull.until + kNear; });
}

/// The longest pause of a sender that leaves silence out, as comfort noise or its pauses tell; zero of one that does
/// not.
[[nodiscard]] Duration habit_of(const CallFacts& facts, const AudioPath& path, const AudioEnd& end) {
  bool noise = false;
  std::size_t count = 0;
  Duration longest{};
  for (const std::uint32_t index : path.streams_to(end.receiver)) {
    const StreamFacts& stream = facts.streams[index];
    noise = noise || stream.report.comfort_noise > 0;
    for (const GapFacts& gap : stream.gaps) {
      if (!own_pause(gap, path, end.receiver)) continue;
      ++count;
      longest = std::max(longest, gap.gap.length);
    }
  }
  return noise || count >= kHabit ? longest : Duration::zero();
}

using Ends = std::array<std::optional<AudioEnd>, 2>;  ///< by receiver

/// Those at one place, without those that may be pauses. No router stops what it has passed on already: where both
/// directions end, and both go on elsewhere, what captured them did.
[[nodiscard]] Ends ends_at(const CallFacts& facts, const std::vector<AudioPath>& paths, const AudioPath& path) {
  Ends ends;
  std::array<bool, 2> usual{};
  std::array<bool, 2> pauses{};
  std::array<bool, 2> passed{};
  for (const call::Party receiver : {call::Party::caller, call::Party::callee}) {
    const auto i = static_cast<std::size_t>(receiver);
    ends[i] = end_of(facts, path, receiver);
    if (!ends[i]) continue;
    const Duration habit = habit_of(facts, path, *ends[i]);
    usual[i] = ends[i]->length / kUsual <= habit;
    pauses[i] = ends[i]->noise || ends[i]->length / kLonger <= habit;
    const std::optional<std::uint32_t> beside = last_beside(facts, paths, path, receiver);
    if (beside && facts.streams[*beside].report.last > ends[i]->last + kNear) ends[i]->beside = beside;
    passed[i] = ends[i]->both && ends[i]->beside;
  }
  if (passed[0] && passed[1]) return {};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (!ends[i]) continue;
    ends[i]->pausing = ends[i]->both && pauses[0] && pauses[1];
    if (usual[i] && !ends[i]->both && !ends[i]->beside) ends[i].reset();
  }
  return ends;
}

/// The same end at another place, which proves no more.
[[nodiscard]] bool told(const CallFacts& facts, const std::vector<AudioPath>& paths, const AudioPath& path,
                        const AudioEnd& end, const std::vector<AudioEnd>& ends) {
  if (end.beside || !last_beside(facts, paths, path, end.receiver)) return false;
  return std::ranges::any_of(ends, [&](const AudioEnd& other) {
    return other.receiver == end.receiver && std::chrono::abs(other.last - end.last) <= kNear;
  });
}

}  // namespace

std::vector<AudioEnd> audio_ends(const CallFacts& facts) {
  std::vector<AudioEnd> ends;
  const std::vector<AudioPath> paths = audio_paths(facts);
  for (const AudioPath& path : paths)
    for (const std::optional<AudioEnd>& end : ends_at(facts, paths, path))
      if (end && !told(facts, paths, path, *end, ends)) ends.push_back(*end);
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
