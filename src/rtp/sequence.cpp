// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/sequence.hpp"

#include <algorithm>

namespace viaduct::rtp {

void Sequence::Runs::seen(std::uint32_t tick, std::vector<Loss>& losses) {
  if (open > 0) {
    const auto length = static_cast<std::uint32_t>(open);
    ++count;
    longest = std::max(longest, length);
    ++lengths[std::min<std::size_t>(length, lengths.size()) - 1];
    if (losses.size() < kMostLosses) losses.push_back({last_tick, length});
    open = 0;
  }
  last_tick = std::max(last_tick, tick);
}

void Sequence::begin(std::uint16_t number, std::int64_t position, std::uint32_t tick) {
  ticks_.fill(kUnseen);
  segment_ = settled_ = highest_ = position;
  highest_number_ = number;
  slot(position) = tick;
  ++unique_;
}

/// Makes `to` the highest position; those that leave the window are settled.
void Sequence::advance(std::int64_t to, std::uint32_t tick) {
  for (; settled_ <= to - kWindow && settled_ <= highest_; ++settled_) {
    if (slot(settled_) == kUnseen)
      ++runs_.open;
    else
      runs_.seen(slot(settled_), losses_);
  }
  if (settled_ <= to - kWindow) {  // never were in the window
    runs_.open += static_cast<std::uint64_t>(to - kWindow - settled_ + 1);
    settled_ = to - kWindow + 1;
  }
  for (std::int64_t skipped = std::max(highest_ + 1, to - kWindow + 1); skipped < to; ++skipped)
    slot(skipped) = kUnseen;
  slot(to) = tick;
  highest_ = to;
}

void Sequence::settle_all(Runs& runs, std::vector<Loss>& losses) const {
  for (std::int64_t position = settled_; position <= highest_; ++position) {
    if (slot(position) == kUnseen)
      ++runs.open;
    else
      runs.seen(slot(position), losses);
  }
}

Sequence::Step Sequence::late(std::int64_t position, std::uint32_t tick) {
  if (position < segment_) {
    if (resets_ > 0) {
      ++strays_;
      return {Kind::stray};
    }
    // The first packet that came was not the first that was sent.
    base_ = segment_ = settled_ = position;
  }
  if (slot(position) != kUnseen) {
    ++duplicates_;
    return {Kind::duplicate, position};
  }
  slot(position) = tick;
  ++unique_;
  ++reordered_;
  return {Kind::late, position};
}

Sequence::Step Sequence::far(std::uint16_t number, std::uint32_t tick) {
  if (!pending_ || number != static_cast<std::uint16_t>(pending_number_ + 1)) {
    pending_ = true;
    pending_number_ = number;
    pending_tick_ = tick;
    ++strays_;
    return {Kind::stray};
  }
  settle_all(runs_, losses_);
  --strays_;
  ++resets_;
  begin(pending_number_, highest_ + 1, pending_tick_);
  advance(highest_ + 1, tick);
  highest_number_ = number;
  ++unique_;
  pending_ = probation_ = false;
  return {Kind::restart, highest_};
}

Sequence::Step Sequence::add(std::uint16_t number, std::uint32_t tick, bool continuous) {
  if (unique_ == 0) {
    begin(number, 0, tick);
    return {Kind::first};
  }
  const std::uint32_t forward = distance(number);
  const std::uint32_t backward = 0x10000U - forward;
  if (forward != 0 && backward >= kMaxMisorder && forward >= kMaxDropout && !continuous) return far(number, tick);
  pending_ = false;
  if (forward == 0 || backward < kMaxMisorder) return late(highest_ - (forward == 0 ? 0 : backward), tick);
  if (forward == 1) probation_ = false;
  advance(highest_ + forward, tick);
  highest_number_ = number;
  ++unique_;
  return {Kind::next, highest_, forward - 1};
}

std::optional<bool> Sequence::has(std::uint16_t number) const {
  const auto back = static_cast<std::uint16_t>(highest_number_ - number);
  if (back >= kWindow || highest_ - back < segment_) return std::nullopt;
  return slot(highest_ - back) != kUnseen;
}

Sequence::Counts Sequence::counts() const {
  if (unique_ == 0) return {};
  Runs runs = runs_;
  std::vector<Loss> rest;
  settle_all(runs, rest);
  Counts counts{.expected = static_cast<std::uint64_t>(highest_ - base_ + 1),
                .duplicates = duplicates_,
                .reordered = reordered_,
                .strays = strays_,
                .resets = resets_,
                .probation = probation_,
                .runs = runs.count,
                .longest_run = runs.longest,
                .run_lengths = runs.lengths};
  counts.lost = counts.expected - unique_;
  return counts;
}

std::vector<Sequence::Loss> Sequence::losses() const {
  Runs runs = runs_;
  std::vector<Loss> all = losses_;
  settle_all(runs, all);
  return all;
}

}  // namespace viaduct::rtp
