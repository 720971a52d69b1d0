// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;
using sides::SeenDatagram;

constexpr finding::Rule kRule{
    .id = "alg-edits-other-traffic",
    .title = "Datagrams that are no SIP are edited",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, with UDP traffic that is neither SIP nor media.",
    .why =
        "A box that replaces its own address wherever it finds it, or takes any datagram on a SIP port for SIP, breaks "
        "what has nothing to do with calls: files arrive with other octets, and a test of the line tells nonsense.",
    .remedy = "Switch off SIP ALG on the router between the two captures.",
};

constexpr double kSure = 0.98;

[[nodiscard]] const SeenDatagram& at(const Comparison& comparison, sides::Side side, const sides::DatagramPair& pair) {
  return comparison.log(side).datagrams.all()[side == sides::Side::first ? pair.first : pair.second];
}

[[nodiscard]] finding::Finding fail(const Comparison& comparison) {
  const std::vector<sides::EditedDatagram>& edited = comparison.datagrams.edited;
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::major, kSure,
                             counted(edited.size(), "datagram that is no SIP was", "datagrams that are no SIP were") +
                                 " changed between the two captures: in " + (edited.size() == 1 ? "it" : "them") +
                                 " the address that is translated in the header was replaced.",
                             finding::Evidence{});
  found.evidence.clear();
  for (const sides::EditedDatagram& one : edited) {
    if (found.evidence.size() + 2 > finding::Finding::kMaxEvidence) {
      found.evidence_left_out += 2;
      continue;
    }
    found.evidence.push_back(
        sides::evidence_of(at(comparison, one.from, one.pair), "as it came to the box", one.before));
    found.evidence.push_back(
        sides::evidence_of(at(comparison, sides::other(one.from), one.pair), "as it left the box", one.after));
  }
  found.behaviours = {"A24"};
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  if (!comparison.datagrams.edited.empty()) return {fail(comparison)};
  const std::size_t joined = comparison.datagrams.joined.size();
  if (joined > 0)
    return {Finding::pass(
        kRule, kSure,
        counted(joined, "other datagram has", "other datagrams have") + " the same octets on both sides.")};
  const auto all = [&](sides::Side side) { return comparison.log(side).datagrams.all().empty(); };
  if (all(sides::Side::first) || all(sides::Side::second))
    return {Finding::not_applicable(kRule, "Not both sides have UDP traffic that is neither SIP nor media.")};
  return {Finding::inconclusive(kRule, "No datagram of one side that is neither SIP nor media is on the other one.")};
}

}  // namespace

CaseRule alg_edits_others() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
