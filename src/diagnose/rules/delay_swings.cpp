// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "delay-swings",
    .title = "Delay rises and falls by hundreds of milliseconds",
    .cause = finding::Cause::not_proven,
    .needs = "RTP with time stamps.",
    .why =
        "No packet is lost, but a jitter buffer of the usual size plays none that comes 200 ms later than the ones "
        "before, and one that grows makes the parties interrupt each other. A capture does not show what a phone's "
        "buffer made of it.",
    .remedy =
        "Look for a queue that is much too long (bufferbloat): measure the delay under load, and let the router shape "
        "to a little less than the line. On Wi-Fi compare with a cable.",
};

constexpr double kSwing = 0.2;  ///< seconds
constexpr std::uint32_t kFewest = 3;
constexpr double kMajor = 0.4;

/// How often delay rose by kSwing and fell again, and how far at most. What rises and stays is a sender that stood
/// still.
struct Swings {
  std::uint32_t count = 0;
  double highest = 0;
};

[[nodiscard]] Swings swings_of(const rtp::StreamSeries& series) {
  Swings swings;
  double low = std::numeric_limits<double>::max();
  double high = 0;
  bool up = false;
  for (const rtp::SeriesPoint& point : series.points) {
    if (!point.delay) continue;
    if (!up) {
      low = std::min(low, point.delay->low);
      up = point.delay->high >= low + kSwing;
      high = 0;
    }
    if (!up) continue;
    high = std::max(high, point.delay->high);
    if (point.delay->low > high - kSwing) continue;
    ++swings.count;
    swings.highest = std::max(swings.highest, high - low);
    up = false;
    low = point.delay->low;
  }
  return swings;
}

/// `drop-outs` and `held-and-released` tell of these.
[[nodiscard]] bool is_held(const GapFacts& gap) {
  return gap.outage() && gap.kind == rtp::GapClass::hold_and_release;
}

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::optional<std::uint32_t> worst;
  Swings most;
  bool any = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    const rtp::Report& report = streams[i].report;
    if (report.probation || !report.delay) continue;
    any = true;
    if (std::ranges::any_of(streams[i].gaps, is_held)) continue;
    const Swings swings = swings_of(report.series);
    if (swings.count < kFewest || swings.highest <= most.highest) continue;
    worst = i;
    most = swings;
  }
  if (!any) return finding::Finding::not_applicable(kRule, "No RTP with time stamps was captured.");
  if (!worst) return finding::Finding::pass(kRule, 0.9, "Delay did not rise and fall by 200 ms time and again.");
  const StreamFacts& stream = streams[*worst];
  finding::Finding found = finding::Finding::inconclusive(
      kRule, "Delay towards " + receiver_text(stream) + " rose by 200 ms and more and fell again " +
                 counted(most.count, "time", "times") + ", by " + seconds_text(most.highest) +
                 " at most. What comes so late may not have been played: nothing here tells.");
  found.cause = finding::Cause::not_proven;
  found.severity = most.highest >= kMajor ? finding::Severity::major : finding::Severity::minor;
  found.evidence = {evidence_at(stream.report.first_frame, stream.report.first,
                                "of this stream half of the packets came " + seconds_text(stream.report.delay->median) +
                                    ", one in a hundred " + seconds_text(stream.report.delay->p99) +
                                    " or more after the fastest")};
  found.streams = {*worst};
  return found;
}

}  // namespace

MediaRule delay_swings() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
