// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/shown_messages.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <tuple>

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;

constexpr finding::Rule kRule{
    .id = "alg-rewrites",
    .title = "SIP is rewritten on the way",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router with at least two messages in common.",
    .why =
        "A router that only translates addresses changes no octet of SIP. What a SIP ALG writes hides the NAT from the "
        "platform, which then stops to mend it, and leads media and later requests astray wherever the ALG errs.",
    .remedy = "Switch off SIP ALG on the router between the two captures, restart it, and compare again.",
};

constexpr std::uint64_t kFewest = 2;
constexpr double kSure = 0.98;

/// How much was done: a translation that is true to packets is the least. Where an answer is translated, too, the phone
/// does not learn that there is a NAT.
enum class Harm : std::uint8_t { none, hides, wrong, broken };

[[nodiscard]] Harm harm(const sides::JudgedChange& one) {
  if (one.behaviour.empty() || one.behaviour == "A06") return Harm::none;
  return one.behaviour == "A04" && one.truth == sides::Truth::mapped ? Harm::hides : Harm::wrong;
}

[[nodiscard]] Harm harm(const ChangedMessage& message) {
  if (message.is_false() || message.breaks_framing()) return Harm::broken;
  Harm most = message.left.empty() ? Harm::none : Harm::wrong;
  for (const sides::JudgedChange& one : message.changes) most = std::max(most, harm(one));
  return most;
}

[[nodiscard]] std::vector<const ChangedMessage*> worst_first(const Comparison& comparison) {
  std::vector<const ChangedMessage*> all;
  all.reserve(comparison.changed.size());
  for (const ChangedMessage& message : comparison.changed) all.push_back(&message);
  const auto rank = [&comparison](const ChangedMessage* message) {
    return std::tuple(harm(*message), message->sdp, comparison.outbound(comparison.alignment.pairs[message->pair]),
                      message->changes.size());
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const ChangedMessage* a, const ChangedMessage* b) { return rank(a) > rank(b); });
  return all;
}

/// The fields that were changed most, with the table's words.
[[nodiscard]] std::string fields_text(const finding::Table& table) {
  constexpr std::size_t kMost = 6;
  std::string text;
  for (std::size_t i = 0; i < table.rows.size() && i < kMost; ++i)
    text += (i == 0 ? "" : ", ") + table.rows[i][0] + " " + table.rows[i][1] + " (" + table.rows[i][3] + ")";
  return text + (table.rows.size() > kMost ? " and more" : "");
}

/// What is true to the translation of addresses harms nobody by itself.
[[nodiscard]] finding::Severity severity_of(Harm worst) {
  if (worst == Harm::broken) return finding::Severity::critical;
  if (worst == Harm::wrong) return finding::Severity::major;
  return worst == Harm::hides ? finding::Severity::minor : finding::Severity::note;
}

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const Comparison& comparison) {
  const std::vector<const ChangedMessage*> worst = worst_first(comparison);
  const Harm most = harm(*worst.front());
  finding::Table table = sides::change_table(comparison);
  std::string statement = std::to_string(comparison.changed.size()) + " of " +
                          counted(comparison.compared, "message", "messages") +
                          (comparison.changed.size() == 1 ? " was" : " were") +
                          " changed between the two captures: " + fields_text(table) + ".";
  if (most <= Harm::hides)
    statement += " All that was written is true to the translation of addresses that packets show.";
  finding::Finding found = finding::Finding::fail(
      kRule, severity_of(most), kSure, std::move(statement),
      sides::evidence_of(comparison.before(comparison.alignment.pairs[worst.front()->pair]), ""));
  found.exhibits.emplace_back(std::move(table));
  found.exhibits.emplace_back(sides::mapping_table(comparison));
  show_each_kind(found, facts, worst);
  for (const ChangedMessage& message : comparison.changed)
    for (const sides::JudgedChange& one : message.changes) sides::add_behaviour(found, one.behaviour);
  if (!comparison.torn.empty()) sides::add_behaviour(found, "A11");
  std::sort(found.behaviours.begin(), found.behaviours.end());
  found.family = comparison.family.name;
  found.remedy = std::string(kRule.remedy) + " " + std::string(sides::switch_of(comparison.family.name));
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  if (!comparison.changed.empty()) return {fail(facts, comparison)};
  if (comparison.compared == 0 && !comparison.proxied.empty())
    return {Finding::not_applicable(kRule, sides::obstacle(comparison))};
  if (comparison.compared < kFewest) {
    std::string why = sides::obstacle(comparison);
    if (why.empty())
      why = counted(comparison.compared, "message is", "messages are") +
            " the same on both sides; that is too little to say that all are.";
    Finding open = Finding::inconclusive(kRule, std::move(why));
    // Who asked for a comparison and got none is not to take that for a good one.
    if (!comparison.matches()) open.severity = finding::Severity::minor;
    return {open};
  }
  return {Finding::pass(
      kRule, kSure, sides::extent_text(comparison) + " were compared between both sides; no octet of SIP differs.")};
}

}  // namespace

CaseRule alg_rewrites() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
