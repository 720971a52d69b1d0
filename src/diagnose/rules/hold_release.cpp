// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/gap_class_rule.hpp"
#include "diagnose/rules/rules.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "held-and-released",
    .title = "Packets are held back and come all at once",
    .cause = finding::Cause::jitter_wifi,
    .needs = "RTP with time stamps.",
    .why =
        "Nothing is lost on the way, but what comes too late cannot be played. A radio that scans or sleeps does so, "
        "a processor that stalls, a queue that is much too long.",
    .remedy =
        "Connect the phone by cable for a test. On Wi-Fi: 5 GHz, WMM on, background scanning and power save off. "
        "If it stays by cable, look at the load of the router and at its queues.",
};

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  return judge_gap_class({kRule,
                          [](const Onset& onset, std::optional<call::Party> /*customer*/) {
                            return onset.kind == rtp::GapClass::hold_and_release;
                          },
                          "that packets were held and then came together",
                          "other customers have them at the same instants, so what they share held the packets, the "
                          "platform or what captured them, and no radio of theirs",
                          "both directions, or flows that have no phone in common, were held and came at the same "
                          "instants, so what captured them stood still, or what they share, and no radio behind it"},
                         facts);
}

}  // namespace

CaseRule hold_release() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
