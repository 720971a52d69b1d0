// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "dscp-bleached",
    .title = "Media arrives without its mark of priority",
    .cause = finding::Cause::configuration,
    .needs = "RTP of both directions, or a stream whose mark changes.",
    .why =
        "Queues that know voice by EF (DSCP 46) treat what arrives without it as any other traffic: harmless as long "
        "as "
        "no link is full, and audible as soon as one is.",
    .remedy =
        "Compare the mark at the sender with the one here. A router or provider that sets it to 0 needs a rule that "
        "trusts or sets it again; classify by the ports of media where the mark cannot be kept.",
};

constexpr std::uint64_t kFewest = 50;
constexpr std::uint8_t kLeastVoice = 8;  ///< class selectors, AF and EF begin here; below it is lower effort (RFC 8622)

[[nodiscard]] std::optional<std::uint8_t> most_used(const StreamFacts& stream) {
  if (stream.report.probation || stream.report.packets < kFewest || stream.report.dscp.empty()) return std::nullopt;
  return std::max_element(stream.report.dscp.begin(), stream.report.dscp.end(),
                          [](const auto& a, const auto& b) { return a.packets < b.packets; })
      ->dscp;
}

/// A stream that is marked and then is not any more, or the other way round.
[[nodiscard]] bool changes(const StreamFacts& stream) {
  const auto share = [&](bool marked) {
    std::uint64_t packets = 0;
    for (const rtp::DscpUse& use : stream.report.dscp) packets += (use.dscp != 0) == marked ? use.packets : 0U;
    return packets;
  };
  return most_used(stream) && stream.report.dscp_changes > 0 && share(true) >= kFewest && share(false) >= kFewest;
}

[[nodiscard]] finding::Evidence shown(const StreamFacts& stream, const std::string& text) {
  return evidence_at(stream.report.first_frame, stream.report.first,
                     stream.report.source.to_text() + " to " + stream.report.destination.to_text() + ": " + text);
}

[[nodiscard]] finding::Finding note(std::string statement, finding::Evidence proof,
                                    std::vector<std::uint32_t> streams) {
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::note, 0.6, std::move(statement), std::move(proof));
  found.behaviours = {"D10"};
  found.streams = std::move(streams);
  return found;
}

finding::Finding judge(std::span<const StreamFacts> streams) {
  std::array<std::optional<std::uint32_t>, 2> bare{};
  std::array<std::optional<std::uint32_t>, 2> marked{};
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    const std::optional<std::uint8_t> dscp = most_used(streams[i]);
    if (!dscp) continue;
    if (changes(streams[i]))
      return note("The mark of a stream changed " + counted(streams[i].report.dscp_changes, "time", "times") +
                      " on its way: only some of its packets have priority.",
                  shown(streams[i], "marked at times"), {i});
    if (*dscp == 0) bare[static_cast<std::size_t>(streams[i].receiver)] = i;
    if (*dscp >= kLeastVoice) marked[static_cast<std::size_t>(streams[i].receiver)] = i;
  }
  for (const std::size_t way : {0U, 1U}) {
    const std::size_t back = 1 - way;
    if (!bare[way] || marked[way] || !marked[back]) continue;
    finding::Finding found = note(
        "Media is marked one way and arrives without a mark the other way: either its sender does not mark it, or the "
        "mark was taken away before here.",
        shown(streams[*bare[way]], "DSCP 0"), {*bare[way], *marked[back]});
    const StreamFacts& other = streams[*marked[back]];
    found.evidence.push_back(shown(other, "DSCP " + std::to_string(*most_used(other))));
    return found;
  }
  const bool both = (bare[0] || marked[0]) && (bare[1] || marked[1]);
  if (!both) return finding::Finding::not_applicable(kRule, "No RTP of both directions was captured.");
  return finding::Finding::pass(kRule, 1, "Media is marked the same way in both directions.");
}

}  // namespace

MediaRule dscp_bleached() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
