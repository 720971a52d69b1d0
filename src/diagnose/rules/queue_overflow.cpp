// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "queue-overflow",
    .title = "A full queue loses packets",
    .cause = finding::Cause::bandwidth,
    .needs = "RTP with losses, and packets in the half second before them.",
    .why =
        "Where a link is too narrow for what is sent, its queue grows first and then overflows: delay rises before "
        "packets are lost. Only that makes lack of bandwidth a cause; more bandwidth cures nothing else.",
    .remedy =
        "Give RTP priority (EF, DSCP 46) on the narrow link, in the direction named here, or shape the other "
        "traffic below its rate.",
};

/// Fewer losses than this may have met a rise by chance.
constexpr std::size_t kFewestJudged = 6;
constexpr std::size_t kFewestGroups = 5;
constexpr double kMajorShare = 0.01;

[[nodiscard]] double share(const StreamFacts& stream) {
  return stream.report.loss().share;
}

[[nodiscard]] bool overflows(const StreamFacts& stream) {
  return stream.congestion.judged >= kFewestJudged && stream.congestion.groups >= kFewestGroups &&
         stream.congestion.present();
}

finding::Finding fail(std::span<const StreamFacts> streams, std::uint32_t index) {
  const StreamFacts& stream = streams[index];
  const stat::Congestion& queue = stream.congestion;
  const std::string direction = "towards " + receiver_text(stream);
  finding::Evidence proof = evidence_at(
      stream.report.first_frame, stream.report.first,
      "delay rose by more than " + seconds_text(queue.threshold) + " before " + std::to_string(queue.risen) + " of " +
          std::to_string(queue.judged) + " losses; " + std::to_string(queue.in_spikes) + " of " +
          std::to_string(stream.report.lost) + " lost packets fell into peaks of delay");
  finding::Finding found =
      finding::Finding::fail(kRule, share(stream) >= kMajorShare ? finding::Severity::major : finding::Severity::minor,
                             0.5 + 0.5 * static_cast<double>(queue.risen) / static_cast<double>(queue.judged),
                             "A queue " + direction + " filled before it lost packets: chance of such a trend " +
                                 chance_text(queue.p_trend) + ".",
                             std::move(proof));
  found.streams = {index};
  return found;
}

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::optional<std::uint32_t> worst;
  std::size_t judged = 0;
  bool any = false;
  bool lost = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    const StreamFacts& stream = streams[i];
    if (stream.report.probation) continue;
    any = true;
    lost = lost || stream.report.lost > 0;
    judged += stream.congestion.judged;
    if (overflows(stream) && (!worst || stream.congestion.risen > streams[*worst].congestion.risen)) worst = i;
  }
  if (worst) return fail(streams, *worst);
  if (!any) return finding::Finding::not_applicable(kRule, "No RTP was captured.");
  if (!lost) return finding::Finding::pass(kRule, 1, "No packet was lost.");
  if (judged < kFewestJudged)
    return finding::Finding::not_applicable(kRule, "Too few packets were lost for a statement about queues.");
  return finding::Finding::pass(kRule, 0.9, "Packets were lost, but delay did not rise before.");
}

}  // namespace

MediaRule queue_overflow() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
