// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
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

/// Of the packets of a stream.
constexpr double kAudible = 0.01;
constexpr std::uint64_t kShortest = 500;

/// What a stream lost outside of its outages, which `drop-outs` tells of.
struct Scattered {
  std::uint64_t lost = 0;
  std::uint64_t expected = 0;
  std::uint64_t within = 0;  ///< outages

  [[nodiscard]] double share() const {
    return expected == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(expected);
  }
};

[[nodiscard]] Scattered scattered(const StreamFacts& stream) {
  Scattered found{.lost = stream.lost(), .expected = stream.report.expected};
  for (const GapFacts& gap : stream.gaps)
    if (gap.outage()) found.within += gap.gap.missing;
  found.lost -= std::min(found.lost, found.within);
  found.expected -= std::min(found.expected, found.within);
  return found;
}

finding::Finding fail(std::span<const StreamFacts> streams, std::uint32_t worst) {
  const rtp::Report& report = streams[worst].report;
  const Scattered found = scattered(streams[worst]);
  const std::string lost = std::to_string(found.lost) + " of " + std::to_string(found.expected) + " packets";
  // How long a run of losses between outages was, nothing keeps; one of 200 ms would have been an outage.
  const std::string how = found.within > 0
                              ? " outside of drop-outs."
                              : ", " + counted(report.longest_run, "packet", "packets") + " in a row at most.";
  return finding::Finding::fail(
      kRule, found.share() >= kAudible ? finding::Severity::major : finding::Severity::minor, 1,
      lost + " towards " + receiver_text(streams[worst]) + " were lost" + how,
      evidence_at(report.first_frame, report.first,
                  "of this stream " + lost + " are missing" + (found.within > 0 ? " outside of drop-outs" : "")));
}

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::optional<std::uint32_t> worst;
  double most = 0;
  bool any = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    const rtp::Report& report = streams[i].report;
    if (report.probation || report.expected < kShortest) continue;
    any = true;
    const Scattered found = scattered(streams[i]);
    if (few_lost(found.lost, found.expected) || found.share() <= most) continue;
    worst = i;
    most = found.share();
  }
  if (!any) return finding::Finding::not_applicable(kRule, "No stream was captured for long enough.");
  if (!worst) return finding::Finding::pass(kRule, 1, "Outside of drop-outs fewer than two in a thousand were lost.");
  finding::Finding found = fail(streams, *worst);
  found.streams = {*worst};
  return found;
}

}  // namespace

MediaRule packet_loss() {
  return {.rule = kRule, .judge = judge, .waits = Waits::for_losses};
}

}  // namespace viaduct::diagnose::rules
