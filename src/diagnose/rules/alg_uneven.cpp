// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <map>

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;
using sides::ContactFate;

constexpr finding::Rule kRule{
    .id = "alg-uneven",
    .title = "One message is translated, the like of it is not",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, with messages of which some are edited.",
    .why =
        "What is translated over one transport and not over the other, or only as long as a message comes in one "
        "segment, gives the platform a private address now and then: calls fail without a pattern.",
    .remedy = "Switch off SIP ALG on the router: the platform then sees one address throughout, whatever carries SIP.",
};

constexpr double kSure = 0.95;

/// Messages that were edited and that were not.
struct Tally {
  std::vector<const ContactFate*> edited;
  std::vector<const ContactFate*> left;

  void add(const ContactFate& one) { (one.edited ? edited : left).push_back(&one); }
  [[nodiscard]] bool mixed() const { return !edited.empty() && !left.empty(); }
};

[[nodiscard]] const sides::SeenMessage& seen(const Comparison& comparison, const ContactFate& one) {
  return comparison.before(comparison.alignment.pairs[one.pair]);
}

/// Whether each message that was left alone came in several segments and each edited one in one.
[[nodiscard]] bool split_alone(const Comparison& comparison, const Tally& connection) {
  const auto whole = [&](const ContactFate* one) { return seen(comparison, *one).carriage.segments == 1; };
  return std::all_of(connection.edited.begin(), connection.edited.end(), whole) &&
         std::none_of(connection.left.begin(), connection.left.end(), whole);
}

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const Tally& of, std::string statement,
                                    base::Bytes behaviour) {
  const Comparison& comparison = *facts.other_side;
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::major, kSure, std::move(statement), finding::Evidence{});
  found.evidence.clear();
  for (const auto* const list : {&of.edited, &of.left}) {
    const sides::MessagePair& pair = comparison.alignment.pairs[list->front()->pair];
    const std::string name = comparison.before(pair).name();
    const bool edited = list->front()->edited;
    found.evidence.push_back(sides::evidence_of(
        comparison.after(pair), name + (edited ? ": Contact was translated" : ": Contact was left alone"),
        list->front()->after));
    sides::add_call(found, facts, comparison.first(pair));
  }
  sides::add_behaviour(found, behaviour);
  found.family = comparison.family.name;
  return found;
}

[[nodiscard]] std::string count_text(const Tally& of) {
  return std::to_string(of.edited.size()) + " of " +
         counted(of.edited.size() + of.left.size(), "Contact was", "Contacts were");
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  Tally all;
  Tally udp;
  Tally tcp;
  std::map<net::Endpoint, Tally> connections;
  for (const ContactFate& one : comparison.contacts) {
    const bool stream = seen(comparison, one).transport == sip::Transport::tcp;
    all.add(one);
    (stream ? tcp : udp).add(one);
    if (stream) connections[seen(comparison, one).source].add(one);
  }
  if (all.edited.empty()) return {Finding::not_applicable(kRule, "No Contact that names the inside was translated.")};
  std::vector<Finding> found;
  if (udp.left.empty() && !udp.edited.empty() && tcp.edited.empty() && !tcp.left.empty()) {
    const Tally both{udp.edited, tcp.left};
    found.push_back(fail(facts, both,
                         "Over UDP each of " + counted(udp.edited.size(), "Contact", "Contacts") +
                             " that name the inside was translated, over TCP none of " +
                             std::to_string(tcp.left.size()) + ".",
                         "D05"));
  }
  bool open = false;
  for (const auto& [phone, connection] : connections) {
    if (!connection.mixed()) continue;
    if (!split_alone(comparison, connection))
      open = true;
    else
      found.push_back(fail(facts, connection,
                           count_text(connection) + " translated on one TCP connection: those of messages that came "
                                                    "in one segment, and none that came in several.",
                           "D03"));
  }
  if (!found.empty()) return found;
  if (open)
    return {Finding::inconclusive(kRule,
                                  "On one TCP connection some Contacts were translated and others were not; "
                                  "what tells them apart does not show.")};
  return {Finding::pass(kRule, kSure, count_text(all) + " translated, over each transport alike.")};
}

}  // namespace

CaseRule alg_uneven() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
