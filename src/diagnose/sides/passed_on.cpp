// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/passed_on.hpp"

#include "diagnose/stream_facts.hpp"

#include <algorithm>

namespace viaduct::diagnose::sides {

PassedOn::PassedOn(const Comparison& comparison, Side here) : comparison_(&comparison), here_(here) {
  const std::vector<PacketRun>& runs = comparison.log(here).packets.runs();
  for (const StreamJoin& join : comparison.streams.joins) {
    if (!join.way_known) continue;
    const PacketRun& run = runs[join.on(here).front()];
    joins_.emplace(run.ssrc, &join);
    misses_[join.from == here ? run.source.address : run.destination.address].add(join, here);
  }
}

const StreamJoin* PassedOn::join_of(const SeenStream& stream) const {
  if (comparison_ == nullptr) return nullptr;
  const std::vector<PacketRun>& runs = comparison_->log(here_).packets.runs();
  const auto [begin, end] = joins_.equal_range(stream.ssrc);
  const auto found = std::find_if(begin, end, [&](const auto& one) {
    return std::ranges::any_of(one.second->on(here_), [&](std::uint32_t run) {
      return runs[run].source == stream.source && runs[run].destination == stream.destination;
    });
  });
  return found == end ? nullptr : found->second;
}

bool PassedOn::misses_as_much_of(const SeenStream& stream) const {
  if (comparison_ == nullptr) return false;
  const auto receiver = misses_.find(stream.destination.address);
  const bool known = receiver != misses_.end() && receiver->second.left.packets > 0;
  return known ? receiver->second.as_much() : capture_misses_as_much(comparison_->streams, here_);
}

bool PassedOn::capture_missed(const SeenStream& stream, Time begin, Duration length) const {
  if (comparison_ == nullptr) return false;
  const StreamJoin* const join = join_of(stream);
  const Time middle = comparison_->time_of(here_, begin + length / 2);
  return holds(comparison_->streams.unseen[static_cast<std::size_t>(here_)].holes, middle) ||
         (join != nullptr && join->from == here_ && holds(join->hidden, middle));
}

bool PassedOn::all_of(const SeenStream& stream) const {
  const StreamJoin* const join = join_of(stream);
  return join != nullptr && join->compared > 0 && few_lost(join->missing, join->compared);
}

bool PassedOn::lacked_before(const Onset& onset, std::span<const SeenStream> streams) const {
  const StreamJoin* const join = onset.stream < streams.size() ? join_of(streams[onset.stream]) : nullptr;
  if (join == nullptr) return false;
  if (join->from == here_) return true;
  // What came late may have been held back by the box.
  const bool gone = onset.missing > 0 || onset.kind == rtp::GapClass::sender_pause;
  const Time end = onset.at + onset.length;
  if (!gone || !is_covered(onset.at, end) || join->runs.size() >= StreamJoin::kMostRuns) return false;
  const Lost lost = lost_about(*join, onset.at, end);
  return lost.in_holes == 0 && 2 * lost.packets <= onset.missing;
}

bool PassedOn::lost_between(const Onset& onset, std::span<const SeenStream> streams) const {
  const StreamJoin* const join = onset.stream < streams.size() ? join_of(streams[onset.stream]) : nullptr;
  const Time end = onset.at + onset.length;
  if (join == nullptr || join->from == here_ || onset.missing == 0 || !is_covered(onset.at, end)) return false;
  return 2 * lost_about(*join, onset.at, end).in_holes >= onset.missing;
}

bool PassedOn::is_covered(Time begin, Time end) const {
  return comparison_->is_covered(here_, begin) && comparison_->is_covered(here_, end);
}

PassedOn::Lost PassedOn::lost_about(const StreamJoin& join, Time begin, Time end) const {
  constexpr Duration kHole = std::chrono::milliseconds(90);
  const Duration margin = std::chrono::milliseconds(400) + comparison_->alignment.clocks.error();
  const Time from = comparison_->time_of(here_, begin) - margin;
  const Time until = comparison_->time_of(here_, end) + margin;
  Lost lost;
  for (const MissingRun& run : join.runs) {
    if (run.begin > until || run.begin + run.length < from) continue;
    lost.packets += run.packets;
    if (run.packets > 1 && run.length >= kHole) lost.in_holes += run.packets;
  }
  return lost;
}

}  // namespace viaduct::diagnose::sides
