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
        "Sequence numbers and time stamps go on where they stood, so nothing was lost on the way: the phone, gateway "
        "or server itself did not send.",
    .remedy =
        "Look at the load and the firmware of the sender whose stream is named here. The network is not at fault.",
};

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  return judge_gap_class({kRule, [](const Onset& onset) { return onset.kind == rtp::GapClass::sender_stall; },
                          "times that the sender stopped and its clock stood still"},
                         facts);
}

}  // namespace

CaseRule sender_stall() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
