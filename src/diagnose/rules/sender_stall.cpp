// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/gap_class_rule.hpp"
#include "diagnose/rules/rules.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "sender-stalls",
    .title = "The sender stops for a while",
    .cause = finding::Cause::endpoint,
    .needs = "RTP with time stamps.",
    .why =
        "Sequence numbers and time stamps go on where they stood, or begin anew though SDP says nothing of it. Nothing "
        "was lost on the way: the phone, gateway or server itself did not send.",
    .remedy =
        "Look at the load and the firmware of the sender whose stream is named here. The network is not at fault.",
};

/// It stood still, or began anew with nothing in SDP that says so: a phone that restarts its media. Servers begin a new
/// source for each announcement, so that proves nothing of what a platform sends.
[[nodiscard]] bool counts(const Onset& onset, std::optional<call::Party> customer) {
  if (onset.kind == rtp::GapClass::sender_stall) return true;
  if (onset.kind != rtp::GapClass::re_anchor || onset.announced || onset.missing > 0) return false;
  return !onset.new_source || customer == call::other(onset.receiver);
}

[[nodiscard]] bool any_new_source(const CaseFacts& facts) {
  return std::ranges::any_of(facts.calls, [](const CallRecord& call) {
    return std::ranges::any_of(call.onsets, [](const Onset& onset) { return onset.new_source; });
  });
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> found =
      judge_gap_class({kRule, counts, "that the sender itself stopped or began anew"}, facts);
  if (found.front().verdict == finding::Verdict::pass && any_new_source(facts))
    return {finding::Finding::inconclusive(
        kRule, "Other sources (SSRC) went on after times without media: servers begin one for each announcement.")};
  return found;
}

}  // namespace

CaseRule sender_stall() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
