// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/statistics.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "nat-mapping-expired",
    .title = "A NAT mapping expires while the phone is silent",
    .cause = finding::Cause::nat_timeout,
    .needs = "RTP of both directions, or a stream whose source port changes.",
    .why =
        "Who is muted or on hold sends nothing; after some seconds the router forgets the mapping and drops what "
        "comes in, until the phone sends again. RFC 4787 REQ-5 asks for 2 minutes at least.",
    .remedy =
        "Set the UDP timeouts of the router to 300 s, at least 120 s (for streams and for single packets). Let "
        "phones send comfort noise or RTP keep-alives (RFC 6263) while muted.",
};

constexpr std::size_t kFewest = 2;
constexpr double kConfidence = 0.9;

/// Either of the two signs that are seen where the router itself is not: what comes in ceases in the silence of its
/// receiver and is back once that has sent; or the sender comes back from a silence with another port, which no SDP
/// had told.
[[nodiscard]] bool expired(const Onset& onset) {
  if (onset.kind == rtp::GapClass::rebinding) return onset.length >= kIdle && !onset.announced;
  const bool hole = onset.kind == rtp::GapClass::hard_hole || onset.kind == rtp::GapClass::unclear;
  return hole && onset.missing > 0 && onset.known && onset.quiet && onset.revived;
}

/// The silence was the customer's: a platform that moves its media has no NAT that forgets.
[[nodiscard]] bool of_customer(const Onset& onset, const CallRecord& call, const Group& group) {
  const std::optional<call::Party> customer = customer_of(call, group);
  return !customer ||
         (onset.kind == rtp::GapClass::rebinding ? call::other(onset.receiver) : onset.receiver) == customer;
}

/// `shared`: other customers have them at the same instants.
[[nodiscard]] finding::Finding judge_call(const Tally::OfCall& call, bool shared) {
  const bool proven = call.events() >= kFewest && !shared;
  const std::string count = counted(call.events(), "mapping", "mappings");
  finding::Finding finding =
      proven ? finding::Finding::fail(kRule, finding::Severity::major, kConfidence,
                                      count +
                                          " expired in a silence of the phone: media ceased, and came back when "
                                          "the phone sent again or with another port.",
                                      evidence_of(*call.onsets.front()))
             : finding::Finding::inconclusive(
                   kRule,
                   count + " may have expired in a silence; " +
                       (shared ? "but other customers were hit at the same instants, so it is what they share, "
                                 "the platform or the way to it."
                               : "once is too little to say so. Capture a call in which the phone is muted two times, "
                                 "for some minutes each."));
  finding.cause = kRule.cause;
  finding.calls = {call.call->index};
  finding.evidence.clear();
  if (!proven) finding.confidence = 0.4;
  for (const Onset* const onset : call.onsets) finding.evidence.push_back(evidence_of(*onset));
  add_streams(finding, call.onsets);
  return finding;
}

[[nodiscard]] Tally tally_of(const Group& group) {
  Tally found = tally(group, expired);
  for (Tally::OfCall& call : found.calls)
    std::erase_if(call.onsets, [&](const Onset* onset) { return !of_customer(*onset, *call.call, group); });
  std::erase_if(found.calls, [](const Tally::OfCall& call) { return call.onsets.empty(); });
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  const std::vector<Group> groups = groups_of(facts);
  std::vector<Tally> tallies(groups.size());
  std::ranges::transform(groups, tallies.begin(), tally_of);
  const Concurrence all = customers_at_once(tallies);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool shared = all.suspected() && std::find(all.struck.begin(), all.struck.end(), i) != all.struck.end();
    const std::size_t first = findings.size();
    for (const Tally::OfCall& call : tallies[i].calls) findings.push_back(judge_call(call, shared));
    if (findings.size() > first) show_rhythm(findings[first], facts, tallies[i], groups[i]);
  }
  if (!findings.empty()) return findings;
  const bool media =
      std::any_of(facts.calls.begin(), facts.calls.end(), [](const CallRecord& call) { return call.observed() > 0; });
  if (!media) return {finding::Finding::not_applicable(kRule, "No RTP of a call was captured.")};
  return {finding::Finding::pass(kRule, 0.9, "No media ceased in a silence of its receiver.")};
}

}  // namespace

CaseRule nat_timeout() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
