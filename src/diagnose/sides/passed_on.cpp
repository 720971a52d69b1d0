// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/passed_on.hpp"

#include "diagnose/stream_facts.hpp"

#include <algorithm>

namespace viaduct::diagnose::sides {

PassedOn::PassedOn(const Comparison& comparison, Side here) : comparison_(&comparison), here_(here) {
  const std::vector<PacketRun>& runs = comparison.log(here).packets.runs();
  for (const StreamJoin& join : comparison.streams.joins)
    if (join.way_known) joins_.emplace(runs[join.on(here).front()].ssrc, &join);
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

bool PassedOn::capture_misses_as_much() const {
  return comparison_ != nullptr && sides::capture_misses_as_much(comparison_->streams, here_);
}

bool PassedOn::capture_missed(Time begin, Duration length) const {
  if (comparison_ == nullptr) return false;
  const Unseen& unseen = comparison_->streams.unseen[static_cast<std::size_t>(here_)];
  return unseen.holds(comparison_->time_of(here_, begin + length / 2));
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
  return gone && none_lost(*join, onset.at, onset.at + onset.length);
}

bool PassedOn::none_lost(const StreamJoin& join, Time begin, Time end) const {
  if (!comparison_->is_covered(here_, begin) || !comparison_->is_covered(here_, end)) return false;
  if (join.runs.size() >= StreamJoin::kMostRuns) return false;
  const Duration margin = std::chrono::milliseconds(400) + comparison_->alignment.clocks.error();
  const Time from = comparison_->time_of(here_, begin) - margin;
  const Time until = comparison_->time_of(here_, end) + margin;
  return std::ranges::none_of(
      join.runs, [&](const MissingRun& run) { return run.begin <= until && run.begin + run.length >= from; });
}

}  // namespace viaduct::diagnose::sides
