// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_rhythm.hpp"
#include "diagnose/group.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"
#include "stat/regularity.hpp"

#include <algorithm>
#include <array>
#include <optional>

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

/// Gaps that are told together.
struct Told {
  std::vector<finding::Evidence> evidence{};
  std::vector<std::uint32_t> touched{};
  std::array<std::size_t, 2> count{};  ///< by receiver
  Duration silent{};

  void add(const StreamFacts& stream, const GapFacts& gap, std::uint32_t index) {
    evidence.push_back(evidence_at(gap.gap.frame_before, gap.gap.onset - gap.gap.ptime,
                                   "nothing to play towards " + receiver_text(stream) + " for " +
                                       silence_text(gap.gap.length, gap.gap.heard()) + " from " +
                                       instant_text(gap.gap.onset) + " on, class " + static_cast<char>(gap.kind)));
    silent += gap.gap.silent;
    ++count[static_cast<std::size_t>(stream.receiver)];
    if (touched.empty() || touched.back() != index) touched.push_back(index);
  }
  void tell(finding::Finding& found) && {
    found.severity = silent >= kMajor ? finding::Severity::major : finding::Severity::minor;
    found.evidence = std::move(evidence);
    found.streams = std::move(touched);
  }
};

[[nodiscard]] finding::Finding undecided(Told&& gaps, const std::string& statement) {
  finding::Finding found = finding::Finding::inconclusive(kRule, statement);
  found.cause = finding::Cause::not_proven;
  std::move(gaps).tell(found);
  return found;
}

/// Both directions were without media together, and nothing tells whether the capture missed that.
[[nodiscard]] finding::Finding left_open(Told&& open) {
  const std::size_t times = std::max(open.count[0], open.count[1]);
  return undecided(std::move(open), counted(times, "time", "times") +
                                        " packets of both directions are missing together, " +
                                        seconds_text(open.silent) +
                                        " in all. A link may have failed, media may have gone another way, or the "
                                        "capture may have missed them: nothing here tells.");
}

/// Another SSRC went on, and nothing tells whether the one before had ended.
[[nodiscard]] finding::Finding begun_anew(Told&& begun) {
  return undecided(std::move(begun), counted(begun.evidence.size(), "time", "times") +
                                         " nothing came until another source (SSRC) went on, " +
                                         seconds_text(begun.silent) +
                                         " in all. Servers begin one for each announcement, and of a phone that begins "
                                         "anew a part is lost: nothing here tells.");
}

/// A sender may leave silence out without saying so, but not by a clock; a relay that numbers packets anew makes such
/// pauses of holes.
struct Rhythm {
  Told pauses;
  double mean = 0;  ///< seconds
  double p = 1;
};
[[nodiscard]] std::optional<Rhythm> rhythm_of(const StreamFacts& stream, std::uint32_t index) {
  constexpr double kChance = 0.001;
  Rhythm rhythm;
  std::vector<double> onsets;
  for (const GapFacts& gap : stream.gaps) {
    if (!gap.bare_pause()) continue;
    const double at = rtp::seconds(gap.gap.onset - stream.report.first);
    if (onsets.empty() || at - onsets.back() >= kDeadTime) onsets.push_back(at);
    rhythm.pauses.add(stream, gap, index);
  }
  if (onsets.size() < Tally::kOnsetsOfCall) return std::nullopt;
  stat::IntervalNull null;
  const stat::Regularity found = stat::regularity(onsets, kDeadTime, null);
  if (found.p >= kChance) return std::nullopt;
  rhythm.mean = found.mean;
  rhythm.p = found.p;
  return rhythm;
}

[[nodiscard]] finding::Finding by_a_clock(Rhythm&& rhythm) {
  return undecided(std::move(rhythm.pauses),
                   counted(rhythm.pauses.evidence.size(), "pause", "pauses") + " of one stream, " +
                       seconds_text(rhythm.pauses.silent) + " in all, every " + seconds_text(rhythm.mean) +
                       " (by chance " + chance_text(rhythm.p) +
                       "), and neither a marker nor comfort noise nor SDP announces one. Its sender may pause by a "
                       "clock, or a relay may have numbered packets anew behind holes: nothing here tells.");
}

[[nodiscard]] bool new_source(const GapFacts& gap) {
  return gap.kind == rtp::GapClass::re_anchor && gap.gap.kind == rtp::Break::new_ssrc;
}

finding::Finding judge(std::span<const StreamFacts> streams) {
  Told outages;
  Told open;
  Told begun;
  std::optional<Rhythm> clock;
  bool any = false;
  bool missed = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    if (streams[i].report.probation) continue;
    any = true;
    for (const GapFacts& gap : streams[i].gaps) {
      missed = missed || gap.kind == rtp::GapClass::capture_loss;
      if (gap.outage()) (new_source(gap) ? begun : outages).add(streams[i], gap, i);
      if (gap.open) open.add(streams[i], gap, i);
    }
    if (!clock) clock = rhythm_of(streams[i], i);
  }
  if (!any) return finding::Finding::not_applicable(kRule, "No RTP was captured.");
  if (outages.evidence.empty() && !open.evidence.empty()) return left_open(std::move(open));
  if (outages.evidence.empty() && !begun.evidence.empty()) return begun_anew(std::move(begun));
  if (outages.evidence.empty() && clock) return by_a_clock(std::move(*clock));
  if (outages.evidence.empty())
    return finding::Finding::pass(kRule, 1,
                                  std::string(missed ? "But for what the capture missed, no" : "No") +
                                      " stream lost media for 200 ms or longer.");
  finding::Finding found = finding::Finding::fail(kRule, finding::Severity::major, 1,
                                                  counted(outages.evidence.size(), "drop-out", "drop-outs") + ", " +
                                                      seconds_text(outages.silent) + " without media in all.",
                                                  outages.evidence.front());
  std::move(outages).tell(found);
  return found;
}

}  // namespace

MediaRule drop_outs() {
  return {.rule = kRule, .judge = judge, .waits = Waits::for_gaps};
}

}  // namespace viaduct::diagnose::rules
