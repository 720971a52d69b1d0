// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "capture-holes",
    .title = "The capture missed packets",
    .cause = finding::Cause::none,
    .needs = "RTP of both directions.",
    .why =
        "Packets of both directions are missing for the same time. Nothing on the way can lose what it has not yet had "
        "together with what it has handed on; what captured them missed them. Losses of that time are no fault of the "
        "call.",
    .remedy =
        "Capture with a larger buffer (tcpdump -B 65536), less load, a filter, or shorter frames (-s 200), not over "
        "a mirror port that is full.",
};

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::vector<finding::Evidence> evidence;
  std::vector<std::uint32_t> touched;
  std::array<bool, 2> seen{};
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    if (streams[i].report.probation) continue;
    seen[static_cast<std::size_t>(streams[i].receiver)] = true;
    for (const GapFacts& gap : streams[i].gaps) {
      if (gap.kind != rtp::GapClass::capture_loss) continue;
      evidence.push_back(evidence_at(gap.gap.frame_before, gap.gap.onset - gap.gap.ptime,
                                     counted(gap.gap.missing, "packet", "packets") + " towards " +
                                         receiver_text(streams[i]) + " missing for " + seconds_text(gap.gap.length) +
                                         " from " + instant_text(gap.gap.onset) + " on"));
      if (touched.empty() || touched.back() != i) touched.push_back(i);
    }
  }
  if (!evidence.empty()) {
    finding::Finding found = finding::Finding::fail(
        kRule, finding::Severity::note, 0.9,
        "The capture missed packets: those of both directions are missing at the same instants.", evidence.front());
    found.evidence = std::move(evidence);
    found.streams = std::move(touched);
    return found;
  }
  if (!seen[0] || !seen[1]) return finding::Finding::not_applicable(kRule, "No RTP of both directions was captured.");
  return finding::Finding::pass(kRule, 1, "The two directions never miss packets together.");
}

}  // namespace

MediaRule capture_holes() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
