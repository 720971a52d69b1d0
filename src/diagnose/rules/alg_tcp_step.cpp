// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;

constexpr finding::Rule kRule{
    .id = "alg-tcp-out-of-step",
    .title = "A TCP connection falls out of step behind an edited message",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, with SIP over TCP.",
    .why =
        "A message that became shorter or longer shifts all octets behind it. A box that does not count them along "
        "sends octets twice or not at all: the server reads nonsense and ends the connection.",
    .remedy = "Switch off SIP ALG on the router, or use TLS, which it cannot edit.",
};

[[nodiscard]] finding::Finding fail(const CaseFacts& facts) {
  const Comparison& comparison = *facts.other_side;
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.95,
      counted(comparison.out_of_step.size(), "TCP connection carries", "TCP connections carry") +
          " octets that are no SIP behind a message whose length was changed; before the box " +
          (comparison.out_of_step.size() == 1 ? "it carries" : "they carry") + " messages alone.",
      finding::Evidence{});
  found.evidence.clear();
  for (const sides::OutOfStep& one : comparison.out_of_step) {
    if (found.evidence.size() + 2 > finding::Finding::kMaxEvidence) {
      found.evidence_left_out += 2;
      continue;
    }
    const sides::MessagePair& pair = comparison.alignment.pairs[one.pair];
    const sides::BrokenStream& broken = comparison.log(sides::other(pair.from)).streams[one.stream];
    found.evidence.push_back(sides::evidence_of(
        comparison.after(pair), comparison.before(pair).name() + " was " +
                                    std::to_string(comparison.before(pair).length) + " octets long, and left with " +
                                    std::to_string(comparison.after(pair).length)));
    found.evidence.push_back(sides::evidence_of(broken, "no message begins here"));
    sides::add_call(found, facts, comparison.first(pair));
  }
  found.behaviours = {"D04"};
  found.family = comparison.family.name;
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  if (!comparison.out_of_step.empty()) return {fail(facts)};
  std::size_t over_tcp = 0;
  std::size_t resized = 0;
  for (const sides::MessagePair& pair : comparison.alignment.pairs) {
    if (comparison.before(pair).transport != sip::Transport::tcp) continue;
    ++over_tcp;
    resized += comparison.before(pair).length != comparison.after(pair).length ? 1U : 0U;
  }
  if (over_tcp == 0) return {Finding::not_applicable(kRule, "No SIP over TCP is on both sides.")};
  if (resized == 0) return {Finding::not_applicable(kRule, "No message over TCP changed its length.")};
  const bool torn =
      !comparison.log(sides::Side::first).streams.empty() || !comparison.log(sides::Side::second).streams.empty();
  if (torn)
    return {Finding::inconclusive(kRule,
                                  "A TCP connection carries octets that are no SIP, on both sides or "
                                  "before anything was changed.")};
  return {Finding::pass(kRule, 0.95,
                        "Behind " + counted(resized, "message", "messages") +
                            " whose length changed the connection goes on as it should.")};
}

}  // namespace

CaseRule alg_tcp_step() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
