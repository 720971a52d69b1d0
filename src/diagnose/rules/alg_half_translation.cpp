// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/shown_messages.hpp"
#include "diagnose/sides/behaviour.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

#include <map>

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;

constexpr finding::Rule kRule{
    .id = "alg-half-translation",
    .title = "A message names the inside in one field and the outside in another",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, and a message in which it replaced an address.",
    .why =
        "The platform sees a public address and mends nothing, then follows the field that was left: requests to a "
        "private address, ICE that does not match, RTCP and later m= lines that reach nobody.",
    .remedy =
        "Switch off SIP ALG on the router: the platform then sees one address throughout and knows that it is a NAT's.",
};

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const std::vector<const ChangedMessage*>& half) {
  const Comparison& comparison = *facts.other_side;
  std::map<std::string, std::size_t> fields;
  for (const ChangedMessage* const message : half)
    for (const sides::Field& field : message->left) ++fields[sides::text(field)];
  std::string list;
  for (const auto& [name, count] : fields)
    list += (list.empty() ? "" : ", ") + name + " (" + std::to_string(count) + ")";
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::major, 0.9,
                             counted(half.size(), "message still names", "messages still name") +
                                 " the inside although another field was translated: " + list + ".",
                             sides::evidence_of(comparison.before(comparison.alignment.pairs[half.front()->pair]), ""));
  show_each_kind(found, facts, half);
  found.behaviours.clear();
  for (const ChangedMessage* const message : half)
    for (const sides::Field& field : message->left)
      sides::add_behaviour(found, sides::behaviour_of_left(field, message->translated));
  found.family = comparison.family.name;
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  std::vector<const ChangedMessage*> half;
  std::size_t written = 0;
  for (const ChangedMessage& message : comparison.changed) {
    if (!message.left.empty()) half.push_back(&message);
    for (const sides::JudgedChange& one : message.changes) written += one.after.address != one.before.address ? 1U : 0U;
  }
  if (!half.empty()) return {fail(facts, half)};
  if (comparison.compared == 0) return {Finding::inconclusive(kRule, sides::obstacle(comparison))};
  if (written == 0) return {Finding::not_applicable(kRule, "No address was translated in a message.")};
  return {
      Finding::pass(kRule, 0.9, "Where an address was translated, no other field of the message names the inside.")};
}

}  // namespace

CaseRule alg_half_translation() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
