// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "drop-outs",
    .title = "Audio drops out",
    .cause = finding::Cause::not_proven,
    .needs = "RTP.",
    .why =
        "From 60 ms on concealment fails and words are lost; users hear it whatever the mean loss, jitter and MOS say.",
    .remedy =
        "See the findings that name a cause. Without one, capture on both sides of the router, over several calls "
        "of several minutes, and compare them with --other-side.",
};

/// A tenth of the time, or half a second in all, is past what users call a click.
constexpr Duration kMajor = std::chrono::milliseconds(500);

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::vector<finding::Evidence> evidence;
  std::vector<std::uint32_t> touched;
  Duration silent{};
  bool any = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    const StreamFacts& stream = streams[i];
    if (stream.report.probation) continue;
    any = true;
    for (const GapFacts& gap : stream.gaps) {
      if (!gap.outage()) continue;
      const char letter = static_cast<char>(gap.kind);
      evidence.push_back(evidence_at(gap.gap.frame_before, gap.gap.onset - gap.gap.ptime,
                                     "nothing to play towards " + receiver_text(stream) + " for " +
                                         silence_text(gap.gap.length, gap.gap.heard()) + " from " + instant_text(gap.gap.onset) +
                                         " on, class " + letter));
      silent += gap.gap.silent;
      if (touched.empty() || touched.back() != i) touched.push_back(i);
    }
  }
  if (!any) return finding::Finding::not_applicable(kRule, "No RTP was captured.");
  if (evidence.empty()) return finding::Finding::pass(kRule, 1, "No stream was without media for 200 ms or longer.");
  finding::Finding found = finding::Finding::fail(
      kRule, silent >= kMajor ? finding::Severity::major : finding::Severity::minor, 1,
      counted(evidence.size(), "drop-out", "drop-outs") + ", " + seconds_text(silent) + " without media in all.",
      evidence.front());
  found.evidence = std::move(evidence);
  found.streams = std::move(touched);
  return found;
}

}  // namespace

MediaRule drop_outs() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
