// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/gap_class_rule.hpp"
#include "diagnose/rules/rules.hpp"

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

/// It stood still, or began anew with nothing in SDP that says so: a phone that restarts its media.
[[nodiscard]] bool counts(const Onset& onset) {
  return onset.kind == rtp::GapClass::sender_stall ||
         (onset.kind == rtp::GapClass::re_anchor && !onset.announced && onset.missing == 0);
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  return judge_gap_class({kRule, counts, "times that the sender itself stopped or began anew"}, facts);
}

}  // namespace

CaseRule sender_stall() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
