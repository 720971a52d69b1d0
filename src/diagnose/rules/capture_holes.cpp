// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "capture-holes",
    .title = "The capture missed packets",
    .cause = finding::Cause::none,
    .needs = "RTP of both directions, and of unrelated conversations at the same time.",
    .why =
        "Packets of both directions are missing for the same time. Where those of conversations between other hosts "
        "are missing, too, and no flow came through, what captured them missed them, or all their links failed: "
        "nothing is known of the calls then. Of one conversation alone, a link that fails at the place of capture does "
        "that as well, or a relay that has nothing to hand on.",
    .remedy =
        "Capture with a larger buffer (tcpdump -B 65536), less load, a filter, or shorter frames (-s 200), not over "
        "a mirror port that is full; and beside other calls, of other hosts, which tell the two apart.",
};

/// What is said of the gaps of one kind.
struct Holes {
  std::vector<finding::Evidence> evidence;
  std::vector<std::uint32_t> touched;

  void add(const StreamFacts& stream, const GapFacts& gap, std::uint32_t index) {
    evidence.push_back(evidence_at(gap.gap.frame_before, gap.gap.onset - gap.gap.ptime,
                                   counted(gap.gap.missing, "packet", "packets") + " towards " + receiver_text(stream) +
                                       " missing for " + seconds_text(gap.gap.length) + " from " +
                                       instant_text(gap.gap.onset) + " on"));
    if (touched.empty() || touched.back() != index) touched.push_back(index);
  }
  [[nodiscard]] finding::Finding tell(std::string statement, finding::Severity severity) && {
    finding::Finding found = finding::Finding::inconclusive(kRule, std::move(statement));
    found.severity = severity;
    found.evidence = std::move(evidence);
    found.streams = std::move(touched);
    return found;
  }
};

finding::Finding judge(std::span<const StreamFacts> streams) {
  Holes missed;
  Holes open;
  std::array<bool, 2> seen{};
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    if (streams[i].report.probation) continue;
    seen[static_cast<std::size_t>(streams[i].receiver)] = true;
    for (const GapFacts& gap : streams[i].gaps)
      if (gap.kind == rtp::GapClass::capture_loss)
        missed.add(streams[i], gap, i);
      else if (gap.open)
        open.add(streams[i], gap, i);
  }
  if (!missed.evidence.empty())
    return std::move(missed).tell(
        "The capture missed packets: those of unrelated conversations are missing at the same instants. Nothing can "
        "be said of the call at these times.",
        finding::Severity::minor);
  if (!open.evidence.empty())
    return std::move(open).tell(
        "Packets of both directions are missing at the same instants, and no other flow tells whether the capture "
        "missed them.",
        finding::Severity::note);
  if (!seen[0] || !seen[1]) return finding::Finding::not_applicable(kRule, "No RTP of both directions was captured.");
  return finding::Finding::pass(kRule, 1, "Nothing speaks for packets that the capture missed.");
}

}  // namespace

MediaRule capture_holes() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
