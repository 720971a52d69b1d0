// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;
using sides::LostKeepAlives;

constexpr finding::Rule kRule{
    .id = "keep-alives-lost",
    .title = "Keep-alives are lost where SIP passes",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, and a phone that sends keep-alives of line ends (RFC 5626).",
    .why =
        "A phone keeps its way in open by sending line ends now and then. A box that lets messages pass and swallows "
        "these reads what it forwards; the platform takes the flow for dead, and the phone cannot be called.",
    .remedy =
        "Switch off SIP ALG on the router. Until then let the phone keep its way open with OPTIONS, or register anew "
        "each minute.",
};

constexpr std::uint32_t kFewest = 2;

[[nodiscard]] finding::Finding told(const Comparison& comparison, const std::vector<const LostKeepAlives*>& lost,
                                    bool proven) {
  std::uint32_t count = 0;
  for (const LostKeepAlives* const one : lost) count += one->count;
  std::string statement = counted(count, "keep-alive", "keep-alives") + " of " +
                          counted(lost.size(), "flow on which SIP passes", "flows on which SIP passes") +
                          " did not arrive, and none did.";
  finding::Finding found =
      proven ? finding::Finding::fail(kRule, finding::Severity::major, 0.95, std::move(statement), finding::Evidence{})
             : finding::Finding::inconclusive(kRule, statement + " That may be chance.");
  found.evidence.clear();
  for (const LostKeepAlives* const one : lost) {
    const sides::SeenDatagram& first = comparison.log(one->side).datagrams.all()[one->index];
    if (found.evidence.size() < finding::Finding::kMaxEvidence)
      found.evidence.push_back(
          sides::evidence_of(first, "the first of " + counted(one->count, "keep-alive", "keep-alives") + " from " +
                                        first.source.to_text() + " to " + first.destination.to_text()));
    else
      ++found.evidence_left_out;
  }
  found.behaviours = {"D06"};
  return found;
}

[[nodiscard]] bool any_keep_alive(const Comparison& comparison) {
  for (const sides::DatagramPair& pair : comparison.datagrams.joined)
    if (comparison.log(sides::Side::first).datagrams.all()[pair.first].is_keep_alive()) return true;
  return false;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  std::vector<const LostKeepAlives*> proven;
  std::vector<const LostKeepAlives*> open;
  for (const LostKeepAlives& lost : comparison.datagrams.lost) (lost.count >= kFewest ? proven : open).push_back(&lost);
  const bool lossy =
      comparison.log(sides::Side::first).lost_frames + comparison.log(sides::Side::second).lost_frames > 0;
  if (!proven.empty()) return {told(comparison, proven, !lossy)};
  if (!open.empty()) return {told(comparison, open, false)};
  if (any_keep_alive(comparison)) return {Finding::pass(kRule, 0.95, "Keep-alives are on both sides.")};
  return {Finding::not_applicable(kRule, "No keep-alive was sent on a flow on which SIP passes.")};
}

}  // namespace

CaseRule keep_alives_lost() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
