// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "packet-loss",
    .title = "Packets are lost one by one",
    .cause = finding::Cause::not_proven,
    .needs = "RTP of some seconds.",
    .why =
        "Single losses are concealed as long as they are few; from one in a hundred on speech begins to crackle, and "
        "fax and modem fail much earlier.",
    .remedy =
        "See the findings that name a cause. Without one, look for errors of interfaces and cables on the way, and "
        "for a policer; measure at both ends of a link which of them loses.",
};

/// Of the packets of a stream: worth telling, and audible.
constexpr double kTold = 0.002;
constexpr double kAudible = 0.01;
constexpr std::uint64_t kFewest = 10;
constexpr std::uint64_t kShortest = 500;

finding::Finding fail(std::span<const StreamFacts> streams, std::uint32_t worst) {
  const rtp::Report& report = streams[worst].report;
  const std::string lost =
      std::to_string(streams[worst].lost()) + " of " + std::to_string(report.expected) + " packets";
  return finding::Finding::fail(
      kRule, streams[worst].loss_share() >= kAudible ? finding::Severity::major : finding::Severity::minor, 1,
      lost + " towards " + receiver_text(streams[worst]) + " were lost, " +
          counted(report.longest_run, "packet", "packets") + " in a row at most.",
      evidence_at(report.first_frame, report.first, "of this stream " + lost + " are missing"));
}

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::optional<std::uint32_t> worst;
  bool any = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    const rtp::Report& report = streams[i].report;
    if (report.probation || report.expected < kShortest) continue;
    any = true;
    if (streams[i].lost() < kFewest || streams[i].loss_share() < kTold) continue;
    if (!worst || streams[i].loss_share() > streams[*worst].loss_share()) worst = i;
  }
  if (!any) return finding::Finding::not_applicable(kRule, "No stream was captured for long enough.");
  if (!worst) return finding::Finding::pass(kRule, 1, "Fewer than two packets in a thousand were lost.");
  finding::Finding found = fail(streams, *worst);
  found.streams = {*worst};
  return found;
}

}  // namespace

MediaRule packet_loss() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
