// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/gap.hpp"

#include <algorithm>

namespace viaduct::rtp {
namespace {

using std::chrono::milliseconds;

/// Runs shorter than this are what queues lose (facts of congestion: 95 % are shorter).
constexpr std::uint32_t kQueueRun = 10;
constexpr std::uint32_t kBurst = 3;
/// What makes a gap of a hole (GapFinder::kOutage).
constexpr base::Duration kOutage = milliseconds(200);

/// Nothing is missing: the packets came later, or the sender sent none.
GapClass nothing_missing(const Gap& gap) {
  if (!gap.media_gap) return GapClass::unclear;
  if (gap.clock_went_on()) return GapClass::sender_pause;
  const base::Duration late = gap.arrival_gap - *gap.media_gap;
  // A pause whose end came a little late is still a pause.
  if (late >= base::Duration::zero() && late < kOutage) return GapClass::sender_pause;
  if (late < base::Duration::zero() || !gap.shift) return GapClass::unclear;
  const bool released = gap.burst >= kBurst || *gap.shift < late / 2;
  if (released) return GapClass::hold_and_release;
  // Who says that a talkspurt begins had ended one, whatever its clock did.
  return gap.marker ? GapClass::sender_pause : GapClass::sender_stall;
}

/// In a pause of the sender only comfort noise may have been missed.
bool mostly_paused(const Gap& gap) {
  return gap.clock_went_on() && gap.missing * gap.ptime < gap.arrival_gap / 2;
}

GapClass something_missing(const Gap& gap) {
  if (mostly_paused(gap)) return GapClass::sender_pause;
  if (!gap.rise || !gap.media_gap) return GapClass::unclear;
  if (*gap.rise > gap.rise_limit)
    return gap.runs > 1 || gap.longest_run < kQueueRun ? GapClass::queue_loss : GapClass::unclear;
  const bool one_run = gap.longest_run >= gap.missing - gap.missing / 5;
  const bool flat_after = gap.shift && std::chrono::abs(*gap.shift) <= gap.rise_limit && gap.burst < kBurst;
  return one_run && flat_after && gap.clock_went_on() ? GapClass::hard_hole : GapClass::unclear;
}

/// How far a mark lies from the gap; zero if they overlap.
base::Duration distance(const Gap& gap, const Mark& mark) {
  return std::max({base::Duration::zero(), mark.at - gap.end(), gap.onset - (mark.at + mark.length)});
}

}  // namespace

bool Gap::clock_went_on() const {
  const base::Duration tolerance = std::max<base::Duration>({milliseconds(40), 2 * ptime, arrival_gap / 10});
  return media_gap && std::chrono::abs(*media_gap - arrival_gap) <= tolerance;
}

const Mark* mark_near(const Gap& gap, std::span<const Mark> marks, MarkKind kind, base::Duration reach) {
  const Mark* nearest = nullptr;
  for (const Mark& mark : marks) {
    if (mark.kind != kind || distance(gap, mark) > reach) continue;
    if (nearest == nullptr || distance(gap, mark) < distance(gap, *nearest)) nearest = &mark;
  }
  return nearest;
}

bool stopped(const Gap& gap, std::span<const Mark> marks) {
  constexpr base::Duration kEdge = std::chrono::seconds(2);
  return std::ranges::any_of(marks, [&](const Mark& mark) {
    if (mark.kind != MarkKind::inactive && mark.kind != MarkKind::held) return false;
    const base::Duration both = std::min(gap.end(), mark.at + mark.length) - std::max(gap.onset, mark.at);
    if (2 * both < gap.length || gap.length - both > 2 * kEdge) return false;
    return mark.kind == MarkKind::inactive || mark.length - both <= 2 * kEdge;
  });
}

GapClass classify(const Gap& gap, std::span<const Mark> marks) {
  if (gap.missing > 0 && mark_near(gap, marks, MarkKind::capture_hole, {}) != nullptr &&
      mark_near(gap, marks, MarkKind::capture_whole, {}) == nullptr)
    return GapClass::capture_loss;
  switch (gap.kind) {
    case Break::new_source:
      return GapClass::rebinding;
    case Break::restart:
    case Break::new_ssrc:
    case Break::new_destination:
      return GapClass::re_anchor;
    case Break::none:
      break;
  }
  // What SDP has stopped is a pause even where the media clock is unknown or stood still, or the numbers ran on.
  if (stopped(gap, marks)) return GapClass::sender_pause;
  if (gap.missing == 0 && mark_near(gap, marks, MarkKind::inactive, {}) != nullptr) return GapClass::sender_pause;
  return gap.missing == 0 ? nothing_missing(gap) : something_missing(gap);
}

}  // namespace viaduct::rtp
