// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/finding.hpp"
#include "rtp/time.hpp"

#include <cstdint>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Findings as text, for the tests of this folder.
namespace viaduct::diagnose::test {

/// Rules by id, with the verdicts that tests of this program saw them give.
[[nodiscard]] inline std::set<std::pair<std::string, finding::Verdict>>& seen_verdicts() {
  static std::set<std::pair<std::string, finding::Verdict>> seen;
  return seen;
}

[[nodiscard]] inline std::string fixed(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

/// "    octets" and under what is marked a caret.
[[nodiscard]] inline std::string octets_of(const finding::Evidence& evidence) {
  if (evidence.octets.empty()) return "";
  std::string text = "    " + evidence.octets + "\n";
  if (evidence.marked.present())
    text += "    " + std::string(evidence.marked.offset, ' ') + std::string(evidence.marked.length, '^') + "\n";
  return text;
}

/// "  raster TITLE, every 30.000 s" and a line for each lane; without a period "  timeline TITLE".
[[nodiscard]] inline std::string timeline_of(const finding::Timeline& timeline) {
  const bool folded = timeline.period > base::Duration{};
  std::string text = (folded ? "  raster " : "  timeline ") + timeline.title +
                     (folded ? ", every " + fixed(rtp::seconds(timeline.period), 3) + " s" : "") + "\n";
  for (const finding::Lane& lane : timeline.lanes)
    text += "    " + lane.name + ": " + std::to_string(lane.intervals.size()) +
            (folded ? ", phase " + fixed(rtp::seconds(lane.phase), 3) : "") + "\n";
  return text;
}

/// Verdict, cause, severity and confidence; then what it says and shows, a line each.
[[nodiscard]] inline std::string text_of(const finding::Finding& found) {
  seen_verdicts().emplace(found.rule.id, found.verdict);
  std::string text(name(found.verdict));
  if (found.verdict == finding::Verdict::fail || found.verdict == finding::Verdict::inconclusive)
    text += " " + std::string(name(found.cause)) + " " + std::string(name(found.severity)) + " " +
            fixed(found.confidence, 2);
  text += ": " + found.statement + "\n";
  for (const std::string& behaviour : found.behaviours) text += "  behaviour " + behaviour + "\n";
  if (!found.family.empty()) text += "  family " + found.family + "\n";
  for (const finding::Evidence& evidence : found.evidence)
    text += "  #" + std::to_string(evidence.frame) + " " +
            (evidence.time ? fixed(rtp::seconds(evidence.time->time_since_epoch()), 3) : "-") + " " + evidence.text +
            "\n" + octets_of(evidence);
  if (found.evidence_left_out > 0) text += "  and " + std::to_string(found.evidence_left_out) + " more\n";
  const auto list = [&](const char* what, const std::vector<std::uint32_t>& indices) {
    if (indices.empty()) return;
    text += std::string("  ") + what;
    for (const std::uint32_t index : indices) text += " " + std::to_string(index);
    text += "\n";
  };
  list("calls", found.calls);
  list("streams", found.streams);
  for (const finding::Exhibit& exhibit : found.exhibits)
    if (const auto* const timeline = std::get_if<finding::Timeline>(&exhibit)) text += timeline_of(*timeline);
  return text;
}

}  // namespace viaduct::diagnose::test
