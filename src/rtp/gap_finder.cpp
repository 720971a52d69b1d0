// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/gap_finder.hpp"

#include <algorithm>
#include <limits>

namespace viaduct::rtp {

base::Duration length_of(const Hole& hole) {
  base::Duration length = hole.after.time - hole.before.time;
  if (hole.missing > 0 && hole.media_gap) length = std::max(length, *hole.media_gap);
  return std::max(base::Duration::zero(), length - hole.ptime);
}

Gap gap_of(const Hole& hole) {
  Gap gap{.onset = hole.before.time + hole.ptime,
          .length = length_of(hole),
          .silent = length_of(hole),
          .missing = hole.missing,
          .runs = hole.missing > 0 ? 1U : 0U,
          .longest_run = hole.missing,
          .arrival_gap = hole.after.time - hole.before.time,
          .media_gap = hole.media_gap,
          .ptime = hole.ptime,
          .kind = hole.kind,
          .marker = hole.after.marker && hole.after.content != Content::telephone_event,
          .comfort_noise = hole.before.content == Content::comfort_noise,
          .frame_before = hole.before.frame,
          .frame_after = hole.after.frame};
  return gap;
}

namespace {

/// Media that was held and then released has come, so what follows is another gap: a radio that sleeps 200 ms at a time
/// makes no gap of minutes. And with a hole after which more than three quarters would be media, there are two, as
/// there are where more than a second was heard: a path that loses every other packet makes no gap of minutes, either.
[[nodiscard]] bool apart(const Gap& gap, const Hole& hole) {
  const Gap more = gap_of(hole);
  return gap.missing == 0 || more.missing == 0 || more.silent < (more.end() - gap.onset) / 4 - gap.silent ||
         more.onset - gap.onset - gap.silent > GapFinder::kMerge;
}

}  // namespace

void GapFinder::hole(const Hole& hole, std::optional<std::int32_t> transit_before) {
  const Time onset = hole.before.time + hole.ptime;
  // Both ways: the clock of a capture may be set back.
  if (open_ && (std::chrono::abs(onset - last_onset_) >= kMerge || apart(open_->gap, hole))) close();
  if (length_of(hole) < kConcealed) {
    if (!open_) return;
    tail_.missing += hole.missing;
    tail_.runs += hole.missing > 0 ? 1 : 0;
    tail_.longest = std::max(tail_.longest, hole.missing);
    open_->last_position = std::max(open_->last_position, hole.last_position);
    return;
  }
  Found found{.gap = gap_of(hole),
              .before = transit_before,
              .first_position = hole.last_position - hole.missing + 1,
              .last_position = hole.last_position};
  if (hole.missing == 0 && found.gap.kind == Break::none && found.gap.clock_went_on()) {
    if (open_) close();
    keep(found, true);
    return;
  }
  if (open_)
    extend(hole);
  else
    open_ = found;
  last_onset_ = onset;
  watching_ = at_hole_ = in_burst_ = true;
}

void GapFinder::extend(const Hole& hole) {
  Gap& gap = open_->gap;
  const Gap more = gap_of(hole);
  gap.missing += more.missing + tail_.missing;
  gap.runs += more.runs + tail_.runs;
  gap.longest_run = std::max({gap.longest_run, more.longest_run, tail_.longest});
  tail_ = {};
  gap.length = std::max(gap.length, more.end() - gap.onset);
  gap.silent += std::min(more.silent, gap.length - gap.silent);
  gap.frame_after = more.frame_after;
  gap.burst = 0;
  if (more.kind != Break::none) gap.kind = more.kind;
  if (more.arrival_gap > gap.arrival_gap) {
    gap.arrival_gap = more.arrival_gap;
    gap.media_gap = more.media_gap;
    gap.marker = more.marker;
    gap.comfort_noise = more.comfort_noise;
  }
  open_->last_position = std::max(open_->last_position, hole.last_position);
  open_->after.reset();
  open_->after_packets = 0;
}

void GapFinder::watch(Time time, base::Duration since_last, base::Duration ptime, std::optional<std::int32_t> transit) {
  Found& found = *open_;
  if (time - found.gap.end() > std::max<base::Duration>(kMerge, found.gap.arrival_gap)) {
    watching_ = false;
    return;
  }
  if (!at_hole_ && in_burst_) {
    in_burst_ = since_last < ptime / 2;
    found.gap.burst += in_burst_ ? 1 : 0;
  }
  at_hole_ = false;
  if (!transit) return;
  found.after = std::min(found.after.value_or(std::numeric_limits<std::int32_t>::max()), *transit);
  ++found.after_packets;
}

void GapFinder::late(std::int64_t position, base::Duration ptime) {
  const auto take = [&](Found& found) {
    Gap& gap = found.gap;
    if (gap.missing == 0) return;
    --gap.missing;
    gap.runs = std::min(gap.runs, gap.missing);
    gap.longest_run = std::min(gap.longest_run, gap.missing);
    gap.silent = std::max(base::Duration::zero(), gap.silent - ptime);
  };
  const auto holds = [position](const Found& found) {
    return position >= found.first_position && position <= found.last_position;
  };
  if (open_ && holds(*open_)) {
    if (tail_.missing > 0)
      tail_ = {tail_.missing - 1, std::min(tail_.runs, tail_.missing - 1), std::min(tail_.longest, tail_.missing - 1)};
    else
      take(*open_);
  }
  // They ascend: the last one that begins at it or before.
  const auto kept = std::find_if(found_.rbegin(), found_.rend(),
                                 [position](const Found& found) { return position >= found.first_position; });
  if (kept != found_.rend() && holds(*kept)) take(*kept);
}

void GapFinder::close() {
  keep(*open_, false);
  open_.reset();
  tail_ = {};
  watching_ = false;
}

void GapFinder::keep(const Found& found, bool pause) {
  if (found.gap.silent < kOutage) return;
  if (found_.size() >= kMostGaps || (pause && pauses_ >= kMostPauses)) {
    ++left_out_;
    breaks_left_out_ += pause ? 0 : 1;
    return;
  }
  pauses_ += pause ? 1 : 0;
  found_.push_back(found);
}

std::vector<GapFinder::Found> GapFinder::found() const {
  std::vector<Found> all = found_;
  if (open_) all.push_back(*open_);
  // Late packets may have filled one up.
  std::erase_if(all, [](const Found& found) { return found.gap.silent < kOutage; });
  return all;
}

}  // namespace viaduct::rtp
