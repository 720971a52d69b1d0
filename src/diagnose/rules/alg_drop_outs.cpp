// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rhythm.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <tuple>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "alg-drop-outs",
    .title = "A SIP ALG lets media drop out",
    .cause = finding::Cause::alg,
    .needs = "Six drop-outs of one call, or four in each of three calls of a customer, and SIP that shows an ALG.",
    .why =
        "The call stays up and the path is free, yet media is discarded by a timer or whenever SIP passes: the ALG "
        "ties media to its own idea of the session. More bandwidth does not help, and an RTP proxy does not either.",
    .remedy =
        "Switch off SIP ALG on every router and firewall on the way, under all of its names (SIP Helper, VoIP "
        "Helper, SIP Inspection, session-helper, SIP Transformations, fixup, passthrough), set UDP timeouts to "
        "300 s, restart the router, and capture again.",
};

constexpr double kOpen = 0.4;

/// Discarded on a free path, or media that begins anew, while the receiver was heard all the time.
[[nodiscard]] bool counts(const Onset& onset) {
  if (onset.quiet && onset.known) return false;
  return onset.kind == rtp::GapClass::hard_hole || (onset.kind == rtp::GapClass::re_anchor && onset.announced) ||
         (onset.kind == rtp::GapClass::unclear && onset.missing > 0 && onset.calm) ||
         (onset.kind == rtp::GapClass::rebinding && (onset.announced || onset.length < kIdle));
}

[[nodiscard]] const AlgSign* sign_of(const CaseFacts& facts, const Group& group) {
  const AlgSign* best = nullptr;
  for (const AlgSign& sign : facts.alg_signs) {
    const bool here = group.holds(sign.address);
    if (sign.point == group.point && here &&
        (best == nullptr ||
         std::tuple(sign.proven, sign.log_likelihood) > std::tuple(best->proven, best->log_likelihood)))
      best = &sign;
  }
  return best;
}

/// A drop-out of each call, the sign in SIP first.
void tell(finding::Finding& finding, const Tally& tally, const AlgSign* sign) {
  finding.evidence.clear();
  if (sign != nullptr) finding.evidence.push_back(sign->proof);
  for (const Tally::OfCall& call : tally.calls) {
    finding.calls.push_back(call.call->index);
    for (const Onset* const onset : call.onsets) {
      if (finding.evidence.size() < finding::Finding::kMaxEvidence)
        finding.evidence.push_back(evidence_of(*onset));
      else
        ++finding.evidence_left_out;
      if (std::find(finding.streams.begin(), finding.streams.end(), onset->stream) == finding.streams.end())
        finding.streams.push_back(onset->stream);
    }
  }
}

/// The onsets of all calls, one call a lane, each from its own begin, over the period.
[[nodiscard]] finding::Timeline raster(const Rhythm& rhythm) {
  finding::Timeline timeline;
  timeline.title = "Drop-outs, each call from its own begin";
  if (rhythm.pool.period) timeline.period = rtp::from_seconds(rhythm.pool.period->period);
  for (const CallRhythm& call : rhythm.calls) {
    finding::Lane lane;
    lane.name = (call.call->index == kNoCall ? "media at " : "call at ") + clock_text(call.call->begin);
    for (const double onset : call.onsets)
      lane.intervals.push_back({Time{} + rtp::from_seconds(onset), {}, finding::Tone::bad, seconds_text(onset)});
    timeline.length = std::max(timeline.length, rtp::from_seconds(call.call->observed()));
    timeline.lanes.push_back(std::move(lane));
  }
  return timeline;
}

[[nodiscard]] finding::Finding fail(const Tally& tally, const Rhythm& rhythm, const AlgSign& sign) {
  finding::Finding finding = finding::Finding::fail(
      kRule, finding::Severity::critical, sign.proven ? 0.95 : 0.8,
      "Media drops out " + rhythm.to_text() +
          ", although nothing queued before and the other side was heard; and SIP "
          "of this customer " +
          (sign.proven ? "was changed on the way." : "names outside addresses, as an ALG writes them."),
      sign.proof);
  finding.family = sign.family;
  tell(finding, tally, &sign);
  finding.exhibits.push_back(raster(rhythm));
  return finding;
}

[[nodiscard]] bool without_sip(const Tally& tally) {
  return std::all_of(tally.calls.begin(), tally.calls.end(),
                     [](const Tally::OfCall& call) { return call.call->index == kNoCall; });
}

[[nodiscard]] finding::Finding open(const Tally& tally, const Rhythm& rhythm, const AlgSign* sign) {
  std::string why = rhythm.together ? "all lines drop out at the same instants, so it is no timer of a call"
                    : without_sip(tally)
                        ? "no SIP of it was captured, so nothing can show an ALG; a capture with it, or one from the "
                          "other side of the router (--other-side), would"
                    : sign == nullptr || !sign->proven
                        ? "SIP proves no ALG here; a capture from the other side of the router (--other-side) would"
                        : "they come without a rhythm, or are too few for one";
  finding::Finding finding = finding::Finding::inconclusive(
      kRule, "Media is discarded on a free path, " + rhythm.to_text() + ": " + why + ".");
  finding.cause = kRule.cause;
  finding.confidence = kOpen;
  tell(finding, tally, sign);
  if (rhythm.proven()) finding.exhibits.push_back(raster(rhythm));
  return finding;
}

/// The calls with enough drop-outs, if the pool or they themselves prove it, and the others.
void judge_group(const Tally& all, const AlgSign* sign, std::vector<finding::Finding>& findings) {
  const Rhythm rhythm = rhythm_of(all);
  const bool whole = rhythm.follows || rhythm.likely();
  const bool enough = all.pooled || std::any_of(all.calls.begin(), all.calls.end(),
                                                [&](const Tally::OfCall& call) { return all.enough(call); });
  // What headers alone leave open, drop-outs can tell: that they follow SIP, so what is on the way reads it, or that
  // each of several calls has a timer of its own, as no queue, radio or NAT in use has one.
  const bool own_timers = rhythm.pool.statement == stat::Periodicity::periodic;
  const bool convicted = sign != nullptr && (sign->proven || rhythm.follows || own_timers);
  const bool rhythmic = rhythm.proven() || (rhythm.likely() && sign != nullptr && sign->proven);
  if (!convicted || rhythm.together || !rhythmic || !enough) {
    findings.push_back(open(all, rhythm, sign));
    return;
  }
  Tally proven;
  Tally rest;
  Rhythm shown = rhythm;
  shown.calls.clear();
  for (std::size_t i = 0; i < all.calls.size(); ++i) {
    const bool named = (whole || Rhythm::proven(rhythm.calls[i])) && all.enough(all.calls[i]);
    (named ? proven : rest).calls.push_back(all.calls[i]);
    if (named) shown.calls.push_back(rhythm.calls[i]);
  }
  if (!proven.calls.empty()) findings.push_back(fail(proven, shown, *sign));
  if (!rest.calls.empty()) findings.push_back(open(rest, Rhythm{}, sign));
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  bool media = false;
  for (const Group& group : groups_of(facts)) {
    const Tally found = tally(group, counts);
    if (!found.calls.empty()) judge_group(found, sign_of(facts, group), findings);
    for (const CallRecord* const call : group.calls) media = media || call->observed() > 0;
  }
  if (!findings.empty()) return findings;
  if (!media) return {finding::Finding::not_applicable(kRule, "No RTP of a call was captured.")};
  return {finding::Finding::pass(kRule, 1, "No media was discarded on a free path.")};
}

}  // namespace

CaseRule alg_drop_outs() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
