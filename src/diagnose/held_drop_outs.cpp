// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_drop_outs.hpp"

#include "diagnose/held_losses.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::diagnose {
namespace {

[[nodiscard]] bool has_outage(const StreamFacts& stream) {
  return std::ranges::any_of(stream.gaps, &GapFacts::outage);
}

/// Without what only long reports take.
[[nodiscard]] StreamFacts kept(const StreamFacts& stream) {
  StreamFacts kept = stream;
  kept.report.series = {};
  kept.report.gaps = {};
  return kept;
}

void leave_out_missed(std::vector<StreamFacts>& streams, const sides::PassedOn& passed_on) {
  for (StreamFacts& stream : streams)
    for (GapFacts& gap : stream.gaps)
      if (gap.gap.missing > 0 &&
          passed_on.capture_missed(sides::SeenStream::of(stream.report), gap.gap.onset, gap.gap.length))
        gap.kind = rtp::GapClass::capture_loss;
}

/// Whether all that lost media came here from the other side, and the capture misses as much of what left here.
[[nodiscard]] bool is_unclear(const std::vector<StreamFacts>& streams, const sides::PassedOn& passed_on) {
  return std::ranges::all_of(streams, [&](const StreamFacts& stream) {
    if (!has_outage(stream)) return true;
    const sides::SeenStream seen = sides::SeenStream::of(stream.report);
    const sides::StreamJoin* const join = passed_on.join_of(seen);
    return join != nullptr && join->from != passed_on.here() && passed_on.misses_as_much_of(seen);
  });
}

}  // namespace

bool HeldDropOuts::hold(const MediaRule& rule, std::span<const StreamFacts> streams, std::uint32_t call,
                        std::uint32_t first_stream) {
  if (std::ranges::none_of(streams, has_outage)) return false;
  Held& held = held_.emplace_back(Held{.judge = rule.judge, .streams = {}, .call = call, .first_stream = first_stream});
  std::ranges::transform(streams, std::back_inserter(held.streams), kept);
  return true;
}

std::vector<HeldFinding> HeldDropOuts::judged(const sides::PassedOn& passed_on) && {
  std::vector<HeldFinding> all;
  for (Held& held : held_) {
    leave_out_missed(held.streams, passed_on);
    finding::Finding found = held.judge(held.streams);
    if (found.verdict == finding::Verdict::fail && is_unclear(held.streams, passed_on)) {
      found = misses_as_much(std::move(found));
      found.cause = finding::Cause::not_proven;
    }
    all.push_back({std::move(found), held.call, held.first_stream});
  }
  return all;
}

}  // namespace viaduct::diagnose
