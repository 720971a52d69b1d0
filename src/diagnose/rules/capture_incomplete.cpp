// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/comparison.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "capture-incomplete",
    .title = "The capture is not whole",
    .cause = finding::Cause::none,
    .needs = "A capture.",
    .why =
        "What the capture did not get looks like what the network lost. Losses in it are no proof as long as the "
        "capture itself lost packets.",
    .remedy =
        "Capture whole packets (tcpdump -s 0) with a larger buffer (-B 65536) on a machine with little else to do.",
};

void say(std::string& text, std::uint64_t count, const char* one, const char* many) {
  if (count > 0) text += (text.empty() ? "" : ", ") + counted(count, one, many);
}

[[nodiscard]] std::string troubles(const CaptureFacts& capture) {
  std::string text;
  say(text, capture.dropped, "frame was lost before it came into the file",
      "frames were lost before they came into the file");
  say(text, capture.cut, "packet was captured in part", "packets were captured in part");
  say(text, capture.incomplete, "packet lacks fragments", "packets lack fragments");
  say(text, capture.strays, "frame has a time far from those around it",
      "frames have times far from those around them");
  say(text, capture.clock_set, "time its clock was set", "times its clock was set");
  if (capture.broken) text += (text.empty() ? "" : ", ") + std::string("the file ends in the middle of a frame");
  return text;
}

[[nodiscard]] std::string statement_of(const CaptureFacts& capture) {
  if (capture.dropped > 0) return "The capture lost frames itself: losses in it may be its own.";
  if (capture.cut + capture.incomplete > 0 || capture.broken)
    return "Not all of what was on the wire is in the capture.";
  return "The clock of the capture jumped: times behind a jump may not be those of the frames.";
}

/// Packets that reached one side and that the capture of the other one, from where they came, has not.
[[nodiscard]] finding::Finding missed(const sides::Comparison& comparison, sides::Side side) {
  const sides::Unseen& unseen = comparison.streams.unseen[static_cast<std::size_t>(side)];
  const bool inner = comparison.inner_known && side == comparison.inner;
  const std::string which =
      comparison.inner_known ? (inner ? "inner" : "outer") : (side == sides::Side::first ? "first" : "other");
  finding::Evidence proof;
  if (!unseen.holes.empty()) proof.time = unseen.holes.front().begin;
  proof.text = std::to_string(unseen.all.unseen) + " of " + counted(unseen.all.packets, "RTP packet", "RTP packets") +
               " that came from the " + which + " side to the other one are not in its capture, " +
               std::to_string(unseen.all.longest) + " in a row at most";
  std::string said = "The capture of the " + which + " side missed packets that passed there, as the other side shows";
  if (!unseen.holes.empty()) said += ": losses of that time are no fault of the path";
  return finding::Finding::fail(kRule, finding::Severity::note, 1, said + ".", std::move(proof));
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  bool frames = false;
  for (const CaptureFacts& capture : facts.captures) {
    frames = frames || capture.frames > 0;
    const std::string text = troubles(capture);
    if (text.empty()) continue;
    finding::Evidence proof;
    proof.input = capture.input;
    proof.text = text + ", of " + counted(capture.frames, "frame", "frames");
    findings.push_back(
        finding::Finding::fail(kRule, finding::Severity::note, 1, statement_of(capture), std::move(proof)));
  }
  if (facts.other_side != nullptr)
    for (const sides::Side side : {sides::Side::first, sides::Side::second})
      if (facts.other_side->streams.unseen[static_cast<std::size_t>(side)].all.unseen >= sides::Unseen::kHole)
        findings.push_back(missed(*facts.other_side, side));
  if (!findings.empty()) return findings;
  if (!frames) return {finding::Finding::not_applicable(kRule, "Nothing was captured.")};
  return {finding::Finding::pass(kRule, 0.8, "The capture tells of no loss of its own.")};
}

}  // namespace

CaseRule capture_incomplete() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
