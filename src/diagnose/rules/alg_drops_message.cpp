// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;
using sides::LoneMessage;

constexpr finding::Rule kRule{
    .id = "alg-drops-message",
    .title = "SIP messages are lost between the two captures while others pass",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router that ran at the same time.",
    .why =
        "A path that loses packets loses any. One that loses the same message again and again, or answers in the "
        "platform's name, reads SIP: calls fail, are never ended, or ring no phone.",
    .remedy =
        "Switch off SIP ALG on the router. If it is off, look for a firewall that filters SIP methods, long messages "
        "or fragments.",
};

/// RFC 4787 REQ-5 asks for two minutes; what is sold forgets after half of one.
constexpr Duration kForgotten = std::chrono::seconds(25);

/// A mapping that nothing used may be gone: that is NAT and no ALG.
[[nodiscard]] bool may_be_forgotten(const LoneMessage& lone) {
  return lone.inbound && !lone.made && lone.quiet.value_or(Duration::max()) >= kForgotten;
}
/// Nothing was there to let it in, whatever it says.
[[nodiscard]] bool has_no_way(const LoneMessage& lone) {
  return lone.closed || lone.unmapped || lone.stranger || may_be_forgotten(lone);
}
/// Lost more than once, or made up: chance does not do that.
[[nodiscard]] bool is_lost(const LoneMessage& lone) {
  return lone.neighbours > 0 && lone.covered >= (lone.made ? 1U : 2U);
}
/// While others passed: an outage of the path does not do that either.
[[nodiscard]] bool is_proven(const LoneMessage& lone) {
  return is_lost(lone) && (lone.made || lone.occasions > 1);
}

/// So often one was sent, or several, and none of their kind came through, while others passed the same way in between.
constexpr std::size_t kAllLost = 6;

/// Whether inbound, and the name of the message.
using Kind = std::pair<bool, std::string>;

/// Takes those out of `open` of whose kind none came through.
[[nodiscard]] std::vector<const LoneMessage*> take_kinds(const Comparison& comparison,
                                                         std::vector<const LoneMessage*>& open) {
  const auto kind_of = [&](const LoneMessage* one) { return Kind(one->inbound, comparison.message(*one).name()); };
  const auto counts = [](const LoneMessage* one) {
    return !one->made && one->occasions > 0 && one->neighbours > 0 && !has_no_way(*one);
  };
  std::map<Kind, std::set<std::uint32_t>> lost;
  for (const LoneMessage* const one : open)
    if (counts(one)) lost[kind_of(one)].insert(one->passed_before);
  for (const sides::MessagePair& pair : comparison.alignment.pairs)
    lost.erase(Kind(!comparison.outbound(pair), comparison.before(pair).name()));
  const auto stays = [&](const LoneMessage* one) {
    const auto known = lost.find(kind_of(one));
    return known == lost.end() || known->second.size() < kAllLost || !counts(one);
  };
  const auto rest = std::stable_partition(open.begin(), open.end(), stays);
  const std::vector<const LoneMessage*> taken(rest, open.end());
  open.erase(rest, open.end());
  return taken;
}

[[nodiscard]] std::string text_of(const Comparison& comparison, const LoneMessage& lone) {
  const sides::SeenMessage& seen = comparison.message(lone);
  std::string text = seen.name() + " " + sides::way_text(comparison, !lone.inbound);
  if (lone.made) return text + " was never sent by the other side: the box made it";
  text += lone.copies > 1 ? " was sent " + std::to_string(lone.copies) + " times and never arrived" : " did not arrive";
  return lone.passed_between ? text + ", while other messages passed" : text;
}

/// Why nothing let a message in.
[[nodiscard]] std::string way_text(const LoneMessage& lone, finding::Cause cause) {
  if (cause == finding::Cause::nat_timeout) return " Nothing had passed before for long: a mapping may have expired.";
  if (lone.unmapped) return " No packet shows the address that it was sent to to be a mapping of the router.";
  if (lone.stranger)
    return " Nothing had passed between there and where it came from: NAT may let in only whom somebody inside has "
           "written to (RFC 4787 5).";
  if (!lone.closed) return {};
  return " Nothing had passed there for " + seconds_text(lone.quiet.value_or(Duration{})) +
         ", longer than before any other message that came in: the way in had closed.";
}

/// What else may have taken a message away that is on one side alone.
[[nodiscard]] std::string why_open(const LoneMessage& lone) {
  if (lone.media_lost) return " Media that went the same way did not arrive then either.";
  if (lone.others_lost) return " Other messages did not arrive then either: the path may have been down.";
  if (lone.covered > 1 && lone.occasions < 2) return " Nothing else arrived in between: the path may have been down.";
  return " That may be chance.";
}

[[nodiscard]] finding::Finding told(const CaseFacts& facts, const std::vector<const LoneMessage*>& lost, bool proven,
                                    finding::Cause cause) {
  const Comparison& comparison = *facts.other_side;
  std::string statement = counted(lost.size(), "message is", "messages are") +
                          " on one side alone: " + text_of(comparison, *lost.front()) + ".";
  if (!proven && lost.front()->covered == 0)
    statement += " The other capture has no frame behind that: it may have ended before.";
  else if (!proven && !has_no_way(*lost.front()))
    statement += why_open(*lost.front());
  if (comparison.alignment.pairs.empty())
    statement += " No SIP came through at all, while other traffic between the same hosts did.";
  statement += way_text(*lost.front(), cause);
  const bool between =
      std::any_of(lost.begin(), lost.end(), [](const LoneMessage* one) { return one->passed_between; });
  finding::Finding found =
      proven ? finding::Finding::fail(kRule, finding::Severity::critical, between ? 0.95 : 0.8, std::move(statement),
                                      sides::evidence_of(comparison.message(*lost.front()), ""))
             : finding::Finding::inconclusive(kRule, std::move(statement));
  found.cause = cause;
  found.evidence.clear();
  for (const LoneMessage* const one : lost) {
    sides::add_call(found, facts, comparison.message(*one));
    for (const base::Bytes behaviour : one->behaviours) sides::add_behaviour(found, behaviour);
    if (found.evidence.size() < finding::Finding::kMaxEvidence)
      found.evidence.push_back(sides::evidence_of(comparison.message(*one), text_of(comparison, *one)));
    else
      ++found.evidence_left_out;
  }
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  std::vector<const LoneMessage*> proven;
  std::vector<const LoneMessage*> wayless;
  std::vector<const LoneMessage*> forgotten;
  std::vector<const LoneMessage*> open;
  for (const LoneMessage& lone : comparison.lone)
    (may_be_forgotten(lone)              ? forgotten
     : is_lost(lone) && has_no_way(lone) ? wayless
     : is_proven(lone)                   ? proven
                                         : open)
        .push_back(&lone);
  const std::vector<const LoneMessage*> kinds = take_kinds(comparison, open);
  proven.insert(proven.end(), kinds.begin(), kinds.end());
  const bool lossy =
      comparison.log(sides::Side::first).lost_frames + comparison.log(sides::Side::second).lost_frames > 0;
  std::vector<Finding> all;
  // Where no SIP passes at all any firewall may have shut its port.
  const finding::Cause reader = comparison.alignment.pairs.empty() ? finding::Cause::not_proven : finding::Cause::alg;
  if (!proven.empty()) all.push_back(told(facts, proven, !lossy, reader));
  if (!wayless.empty()) all.push_back(told(facts, wayless, !lossy, finding::Cause::not_proven));
  if (!forgotten.empty()) all.push_back(told(facts, forgotten, false, finding::Cause::nat_timeout));
  const bool again =
      std::any_of(open.begin(), open.end(), [](const LoneMessage* one) { return one->occasions > 1 || one->made; });
  if (!open.empty() && all.empty())
    all.push_back(told(facts, open, false, again ? finding::Cause::alg : finding::Cause::none));
  if (!all.empty()) return all;
  if (comparison.alignment.pairs.empty()) return {Finding::inconclusive(kRule, sides::obstacle(comparison))};
  return {Finding::pass(kRule, 0.95,
                        "Every message that was on its way across is on both sides (" +
                            counted(comparison.alignment.pairs.size(), "message", "messages") + ").")};
}

}  // namespace

CaseRule alg_drops_message() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
