// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "silent-audio",
    .title = "RTP flows, but it is silence",
    .cause = finding::Cause::endpoint,
    .needs = "Ten seconds of G.711 that is not encrypted.",
    .why =
        "Packets come, and counters and MOS are fine, but what they carry is under -60 dBov from begin to end. No "
        "network does that: it was silent where it was coded.",
    .remedy =
        "Look at the sender: mute, the wrong microphone, a noise gate, a gateway or transcoder whose other leg has "
        "no media.",
};

constexpr std::uint32_t kFewest = 100;  ///< packets
constexpr Duration kLeast = std::chrono::seconds(10);

[[nodiscard]] bool judged(const StreamFacts& stream) {
  return !stream.report.probation && stream.report.silence && stream.report.silence->judged >= kFewest &&
         stream.report.last - stream.report.first >= kLeast;
}

[[nodiscard]] bool silent(const StreamFacts& stream) {
  return judged(stream) && stream.report.silence->silent == stream.report.silence->judged;
}

/// One party may have muted itself for the whole call; two do not.
finding::Finding judge(std::span<const StreamFacts> streams) {
  std::vector<std::uint32_t> found;
  std::array<bool, 2> quiet{};
  std::array<bool, 2> loud{};
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    if (!judged(streams[i])) continue;
    const auto direction = static_cast<std::size_t>(streams[i].receiver);
    (silent(streams[i]) ? quiet : loud)[direction] = true;
    if (silent(streams[i])) found.push_back(i);
  }
  if (found.empty() && !loud[0] && !loud[1])
    return finding::Finding::not_applicable(kRule, "No stream of 10 s and more was G.711 that can be listened to.");
  if (found.empty()) return finding::Finding::pass(kRule, 1, "What could be listened to was not silent throughout.");
  const bool both = quiet[0] && quiet[1] && !loud[0] && !loud[1];
  const StreamFacts& first = streams[found.front()];
  const finding::Evidence proof = evidence_at(
      first.report.first_frame, first.report.first,
      counted(first.report.silence->judged, "packet", "packets") + " of G.711 towards " + receiver_text(first) +
          " in " + seconds_text(first.report.last - first.report.first) + ", all under -60 dBov");
  finding::Finding result =
      both ? finding::Finding::fail(kRule, finding::Severity::major, 0.9, "Both parties send silence all the time.",
                                    proof)
           : finding::Finding::inconclusive(kRule, capital(sender_text(first)) +
                                                       " sends silence all the time. It may be muted, or have no "
                                                       "audio to send: nothing here tells.");
  if (!both) {
    result.cause = finding::Cause::not_proven;
    result.severity = finding::Severity::minor;
    result.evidence = {proof};
  }
  result.streams = std::move(found);
  return result;
}

}  // namespace

MediaRule silent_audio() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
