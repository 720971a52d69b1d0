// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/shown_messages.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;

constexpr finding::Rule kRule{
    .id = "alg-framing",
    .title = "A message is longer or shorter than it says, or in more pieces",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router.",
    .why =
        "Content-Length that does not fit cuts the body or ends the TCP connection; a datagram that outgrew the path "
        "is lost with its fragments.",
    .remedy = "Switch off SIP ALG on the router. Until then keep messages small: fewer codecs, or SIP over TCP.",
};

/// Whole on its way in, in fragments on its way out.
[[nodiscard]] bool outgrew(const Comparison& comparison, const ChangedMessage& message) {
  const sides::MessagePair& pair = comparison.alignment.pairs[message.pair];
  return comparison.before(pair).carriage.fragments == 1 && comparison.after(pair).carriage.fragments > 1;
}

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const std::vector<const ChangedMessage*>& wrong,
                                    std::size_t lengths) {
  const Comparison& comparison = *facts.other_side;
  const std::size_t pieces = wrong.size() - lengths;
  std::string statement;
  if (lengths > 0)
    statement = "Content-Length of " + counted(lengths, "message", "messages") +
                " is right before the box and wrong behind it.";
  if (pieces > 0)
    statement += (statement.empty() ? "" : " ") + counted(pieces, "message", "messages") +
                 " came whole and left in fragments, because more was written than there was.";
  finding::Finding found = finding::Finding::fail(
      kRule, lengths > 0 ? finding::Severity::critical : finding::Severity::minor, 0.95, std::move(statement),
      sides::evidence_of(comparison.before(comparison.alignment.pairs[wrong.front()->pair]), ""));
  show_each_kind(found, facts, wrong);
  found.behaviours.clear();
  for (const ChangedMessage* const message : wrong) {
    const bool multipart =
        comparison.before(comparison.alignment.pairs[message->pair]).octets.find("multipart/") != std::string::npos;
    sides::add_behaviour(found, !message->breaks_framing() ? "D02" : multipart ? "B18" : "B05");
  }
  found.family = comparison.family.name;
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  std::vector<const ChangedMessage*> wrong;
  std::size_t lengths = 0;
  for (const ChangedMessage& message : comparison.changed) {
    if (!message.breaks_framing() && !outgrew(comparison, message)) continue;
    lengths += message.breaks_framing() ? 1U : 0U;
    wrong.push_back(&message);
  }
  if (!wrong.empty()) return {fail(facts, wrong, lengths)};
  if (comparison.compared == 0) return {Finding::inconclusive(kRule, sides::obstacle(comparison))};
  return {Finding::pass(kRule, 0.95,
                        "Content-Length fits on both sides wherever it fits on one, and no message grew into "
                        "fragments.")};
}

}  // namespace

CaseRule alg_framing() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
