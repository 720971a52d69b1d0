// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;

constexpr finding::Rule kRule{
    .id = "dscp-changed",
    .title = "The DSCP of audio is changed on the way",
    .cause = finding::Cause::configuration,
    .needs = "Captures from both sides of the router with RTP.",
    .why = "Audio that loses its mark waits behind downloads in every queue that follows.",
    .remedy =
        "Let the router trust or set DSCP EF (46) for audio. Where the provider clears it, priority has to be given by "
        "addresses and ports.",
};

[[nodiscard]] finding::Finding fail(const Comparison& comparison,
                                    const std::vector<const sides::StreamJoin*>& changed) {
  const sides::DscpChange& first = *changed.front()->dscp;
  const bool lowered = std::any_of(changed.begin(), changed.end(), [](const sides::StreamJoin* join) {
    return join->dscp->after < join->dscp->before;
  });
  finding::Finding found =
      finding::Finding::fail(kRule, lowered ? finding::Severity::minor : finding::Severity::note, 0.95,
                             "The DSCP of " + counted(changed.size(), "stream", "streams") +
                                 " differs on both sides: " + std::to_string(first.before) + " before, " +
                                 std::to_string(first.after) + " behind.",
                             finding::Evidence{});
  found.evidence.clear();
  for (const sides::StreamJoin* const join : changed) {
    const sides::PacketRun& run =
        comparison.log(sides::other(join->from)).packets.runs()[join->on(sides::other(join->from)).front()];
    if (found.evidence.size() >= finding::Finding::kMaxEvidence) {
      ++found.evidence_left_out;
      continue;
    }
    found.evidence.push_back(sides::evidence_of(run, comparison.time_of(sides::other(join->from), run.first),
                                                "DSCP " + std::to_string(join->dscp->before) + " became " +
                                                    std::to_string(join->dscp->after) + ", " +
                                                    sides::way_text(comparison, join->from == comparison.inner)));
  }
  if (lowered) found.behaviours = {"D10"};
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  std::vector<const sides::StreamJoin*> changed;
  std::size_t known = 0;
  for (const sides::StreamJoin& join : comparison.streams.joins) {
    known += join.way_known ? 1U : 0U;
    if (join.dscp && join.way_known) changed.push_back(&join);
  }
  if (!changed.empty()) return {fail(comparison, changed)};
  if (known == 0) return {Finding::not_applicable(kRule, "No RTP stream was captured on both sides.")};
  return {Finding::pass(
      kRule, 0.95, "Packets of " + counted(known, "stream have", "streams have") + " the same DSCP on both sides.")};
}

}  // namespace

CaseRule dscp_changed() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
