// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/capture_witness.hpp"

#include <algorithm>

namespace viaduct::app::analyze {
namespace {

/// Who sent within this time was sending.
constexpr base::Duration kSending = std::chrono::milliseconds(60);
/// Packets of flows that are missing together are missing from about the same instant on.
constexpr base::Duration kInstant = std::chrono::milliseconds(150);
/// A packet so much later is of another time: files are read one after another.
constexpr base::Duration kAhead = std::chrono::seconds(1);

template <class T>
void keep(std::deque<T>& all, const T& one, std::size_t most) {
  if (all.size() >= most) all.pop_front();
  all.push_back(one);
}

[[nodiscard]] bool broke_off(const rtp::Stream& stream, rtp::Time at) {
  const auto near = [at](rtp::Time time) { return std::chrono::abs(time - at) <= kInstant; };
  return near(stream.last_edge().time) || near(stream.interrupted().from);
}

[[nodiscard]] bool came_through(const rtp::Stream& stream, const rtp::Stream::Interruption& hole) {
  return !stream.probation() && stream.interrupted().until <= hole.from &&
         stream.last_edge().time >= hole.until - kSending && stream.last_edge().time <= hole.until + kAhead;
}

/// Of the same packets at another place nothing can be learnt: what captured this one may have missed them alone.
[[nodiscard]] bool any_came_through(std::span<const rtp::Stream* const> live, const rtp::Stream::Interruption& hole) {
  std::vector<std::uint32_t> gone;
  for (const rtp::Stream* const stream : live)
    if (broke_off(*stream, hole.from) && !came_through(*stream, hole)) gone.push_back(stream->ssrc());
  std::ranges::sort(gone);
  return std::ranges::any_of(live, [&](const rtp::Stream* stream) {
    return came_through(*stream, hole) && !std::ranges::binary_search(gone, stream->ssrc());
  });
}

}  // namespace

bool CaptureWitness::wants(const rtp::Stream& stream) const {
  const rtp::Stream::Interruption& hole = stream.interrupted();
  return hole.missing >= kHole && hole.until == stream.last_edge().time && !stream.probation();
}

void CaptureWitness::ended(const rtp::Stream& stream, std::span<const rtp::Stream* const> live) {
  const rtp::Stream::Interruption& hole = stream.interrupted();
  const bool known = std::ranges::any_of(
      whole_, [&](const rtp::Mark& mark) { return mark.at <= hole.from && hole.until <= mark.at + mark.length; });
  if (!known && any_came_through(live, hole))
    keep(whole_, {rtp::MarkKind::capture_whole, hole.from, hole.until - hole.from}, kMostMarks);
  pair({hole.from, hole.until, stream.ssrc(), stream.source().address, stream.destination().address});
}

void CaptureWitness::pair(const Hole& hole) {
  for (auto other = recent_.rbegin(); other != recent_.rend() && other->until > hole.from; ++other) {
    if (other->source != hole.destination || other->destination != hole.source) continue;
    const rtp::Time from = std::max(hole.from, other->from);
    const rtp::Time until = std::min(hole.until, other->until);
    if (2 * (until - from) < std::min(hole.until - hole.from, other->until - other->from)) continue;
    keep(lost_, {from, until, {hole.ssrc, other->ssrc}, {hole.source, hole.destination}}, kMostMarks);
    break;
  }
  keep(recent_, hole, kMostRecent);
}

std::vector<rtp::Mark> CaptureWitness::marks(std::span<const rtp::Stream* const> own) const {
  std::vector<rtp::Mark> marks;
  if (own.empty()) return marks;
  rtp::Time first = rtp::Time::max();
  rtp::Time last = rtp::Time::min();
  for (const rtp::Stream* const stream : own) {
    first = std::min(first, stream->first_edge().time);
    last = std::max(last, stream->last_edge().time);
  }
  const auto related = [&](const Lost& lost) {
    return std::ranges::any_of(own, [&](const rtp::Stream* stream) {
      const auto is = [stream](const net::Address& host) {
        return host == stream->source().address || host == stream->destination().address;
      };
      return std::ranges::any_of(lost.hosts, is) || std::ranges::find(lost.ssrcs, stream->ssrc()) != lost.ssrcs.end();
    });
  };
  for (const rtp::Mark& mark : whole_)
    if (mark.at <= last && mark.at + mark.length >= first) marks.push_back(mark);
  for (const Lost& lost : lost_)
    if (lost.from <= last && lost.until >= first && !related(lost))
      marks.push_back({rtp::MarkKind::capture_hole, lost.from, lost.until - lost.from});
  return marks;
}

}  // namespace viaduct::app::analyze
