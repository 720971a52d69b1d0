// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/shown_messages.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;
using sides::Truth;

constexpr finding::Rule kRule{
    .id = "alg-mapping-false",
    .title = "SIP names an address that leads nowhere",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, and an address that it wrote into SIP or SDP.",
    .why =
        "Who believes the message sends calls or audio to an address and port that the router does not forward: no "
        "inbound calls, one-way audio, calls that end after 32 s.",
    .remedy = "Switch off SIP ALG on the router; the platform then uses the address that packets come from.",
};

[[nodiscard]] std::string claim_text(const Comparison& comparison, const sides::JudgedChange& one, bool outbound) {
  std::string text = sides::text(one.change) + " names " + one.after.to_text() + " for " + one.before.to_text();
  if (!outbound) return text;
  const std::vector<sides::Mapping> known = comparison.mappings.of(one.before);
  return known.empty() ? text + ", an address that no packet came from"
                       : text + ", packets show " + known.front().outer.to_text();
}

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const std::vector<const ChangedMessage*>& wrong) {
  const Comparison& comparison = *facts.other_side;
  std::string example;
  for (const sides::JudgedChange& one : wrong.front()->changes)
    if (sides::is_false(one.truth) && example.empty())
      example = claim_text(comparison, one, comparison.outbound(comparison.alignment.pairs[wrong.front()->pair]));
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.9,
      counted(wrong.size(), "message names", "messages name") +
          " an address that is no mapping of the router: " + example + ".",
      sides::evidence_of(comparison.before(comparison.alignment.pairs[wrong.front()->pair]), ""));
  found.exhibits.emplace_back(sides::mapping_table(comparison));
  show_each_kind(found, facts, wrong);
  found.behaviours.clear();
  for (const ChangedMessage* const message : wrong)
    for (const sides::JudgedChange& one : message->changes)
      if (sides::is_false(one.truth)) sides::add_behaviour(found, one.behaviour);
  found.family = comparison.family.name;
  return found;
}

/// Packets themselves went astray: the answer was given to the port that Via names.
[[nodiscard]] finding::Finding astray(const CaseFacts& facts) {
  const Comparison& comparison = *facts.other_side;
  const sides::MessagePair& pair = comparison.alignment.pairs[comparison.astray.front()];
  const sides::SeenMessage& answer = comparison.after(pair);
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::critical, 0.9,
                             counted(comparison.astray.size(), "answer was", "answers were") + " given to " +
                                 answer.destination.to_text() + ", although the request came from another port.",
                             sides::evidence_of(answer, answer.name() + " goes to " + answer.destination.to_text()));
  found.exhibits.emplace_back(sides::mapping_table(comparison));
  found.behaviours = {"A05"};
  for (const std::uint32_t index : comparison.astray)
    sides::add_call(found, facts, comparison.first(comparison.alignment.pairs[index]));
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  std::vector<const ChangedMessage*> wrong;
  std::size_t right = 0;
  std::size_t open = 0;
  for (const ChangedMessage& message : facts.other_side->changed) {
    if (message.is_false()) wrong.push_back(&message);
    for (const sides::JudgedChange& one : message.changes) {
      right += one.truth == Truth::mapped ? 1U : 0U;
      open += one.truth == Truth::unknown ? 1U : 0U;
    }
  }
  if (!wrong.empty()) return {fail(facts, wrong)};
  if (!facts.other_side->astray.empty()) return {astray(facts)};
  if (right > 0)
    return {Finding::pass(kRule, open == 0 ? 0.95 : 0.7,
                          counted(right, "written address is a mapping", "written addresses are mappings") +
                              " that packets show" +
                              (open > 0 ? "; of " + std::to_string(open) + " no packet tells." : "."))};
  if (open > 0)
    return {Finding::inconclusive(
        kRule, counted(open, "address was", "addresses were") + " written for which no packet shows a mapping.")};
  return {Finding::not_applicable(kRule, "No address was written into a message between the two captures.")};
}

}  // namespace

CaseRule alg_mapping_false() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
