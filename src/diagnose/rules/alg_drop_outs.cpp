// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/passed_on.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/statistics.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>
#include <unordered_set>

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
         (onset.kind == rtp::GapClass::sender_pause && onset.calm) ||
         (onset.kind == rtp::GapClass::rebinding && (onset.announced || onset.length < kIdle));
}

/// What one side shows of an ALG before this customer.
[[nodiscard]] std::optional<AlgSign> sign_of(const CaseFacts& facts, const Group& group) {
  const AlgSign* best = nullptr;
  for (const AlgSign& sign : facts.alg_signs) {
    const bool here = group.holds(sign.address);
    if (sign.point == group.point && here &&
        (best == nullptr ||
         std::tuple(sign.proven, sign.log_likelihood) > std::tuple(best->proven, best->log_likelihood)))
      best = &sign;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

/// Both sides show that the box between them edits SIP of these calls.
[[nodiscard]] std::optional<AlgSign> sign_of_both(const CaseFacts& facts, const Group& group) {
  if (facts.other_side == nullptr) return std::nullopt;
  const sides::Comparison& comparison = *facts.other_side;
  std::unordered_set<std::uint64_t> ours;
  for (const CallRecord* const call : group.calls)
    if (call->index != kNoCall) ours.insert(call->call_id);
  for (const sides::ChangedMessage& message : comparison.changed) {
    const sides::SeenMessage& before = comparison.before(comparison.alignment.pairs[message.pair]);
    const sides::SeenMessage& here = comparison.first(comparison.alignment.pairs[message.pair]);
    if (!ours.contains(here.call_id) || message.changes.empty()) continue;
    return AlgSign{.point = group.point,
                   .proven = true,
                   .family = std::string(comparison.family.name),
                   .proof = sides::evidence_of(before, before.name() + " as it came to the box, which changed it",
                                               message.changes.front().change.before)};
  }
  return std::nullopt;
}

/// The sign in SIP, what the statistics say, and each drop-out.
void tell(finding::Finding& finding, const Tally& tally, const std::optional<AlgSign>& sign,
          std::vector<finding::Evidence> tests) {
  finding.evidence.clear();
  if (sign) finding.evidence.push_back(sign->proof);
  std::move(tests.begin(), tests.end(), std::back_inserter(finding.evidence));
  for (const Tally::OfCall& call : tally.calls) {
    finding.calls.push_back(call.call->index);
    for (const Onset* const onset : call.onsets) {
      if (finding.evidence.size() < finding::Finding::kMaxEvidence)
        finding.evidence.push_back(evidence_of(*onset));
      else
        ++finding.evidence_left_out;
    }
    add_streams(finding, call.onsets);
  }
}

[[nodiscard]] bool lacked_before(const CaseFacts& facts, const Onset& onset) {
  return facts.passed_on != nullptr && facts.passed_on->lacked_before(onset, facts.streams);
}

[[nodiscard]] bool lost_between(const CaseFacts& facts, const Onset& onset) {
  return facts.passed_on != nullptr && facts.passed_on->lost_between(onset, facts.streams);
}

/// What is known of the drop-outs of one customer.
struct Customer {
  const Group* group = nullptr;
  Tally tally{};
  Rhythm rhythm{};  ///< without onsets enough none is asked for
  bool enough = false;
  bool elsewhere = false;  ///< other customers drop out at the same instants
  std::optional<AlgSign> sign{};
};

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const Customer& customer, const Tally& tally,
                                    const Rhythm& shown) {
  const AlgSign& sign = *customer.sign;
  const Rhythm& rhythm = customer.rhythm;
  finding::Finding finding = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.95,
      "Media drops out " + rhythm.to_text() + rhythm.clock_text() +
          ", although nothing queued before and the other side was heard; and SIP of this customer was changed on the "
          "way.",
      sign.proof);
  finding.family = sign.family;
  tell(finding, tally, sign, statistics(rhythm, known_timers(facts, *customer.group)));
  finding.exhibits.push_back(raster(shown));
  return finding;
}

/// The sender's port changed right after a re-INVITE or UPDATE, and not after a silence.
[[nodiscard]] bool moved_by_sip(const Onset& onset, const CallRecord& call) {
  if (onset.kind != rtp::GapClass::rebinding || onset.length >= kIdle) return false;
  return std::any_of(call.refreshes.begin(), call.refreshes.end(), [&](const Refresh& refresh) {
    const bool media = refresh.kind == call::EventKind::re_invite || refresh.kind == call::EventKind::update;
    return media && refresh.at <= onset.at + onset.length && onset.at <= refresh.at + rtp::from_seconds(kFollow);
  });
}

/// One side shows that SIP moved the port, and not whose doing it was.
[[nodiscard]] std::string moves_text(const Tally& tally) {
  std::size_t moves = 0;
  for (const Tally::OfCall& call : tally.calls)
    moves += static_cast<std::size_t>(std::count_if(
        call.onsets.begin(), call.onsets.end(), [&](const Onset* onset) { return moved_by_sip(*onset, *call.call); }));
  if (moves == 0) return "";
  return " In " + counted(moves, "case", "cases") +
         " the sender's port changed at a re-INVITE or UPDATE, without the silence in which a mapping expires: whether "
         "the phone chose another one or an ALG did, the messages on the other side of the router show.";
}

/// Nothing but media: no SIP of it was captured.
[[nodiscard]] bool without_sip(const Group& group) {
  return std::all_of(group.calls.begin(), group.calls.end(),
                     [](const CallRecord* call) { return call->index == kNoCall; });
}

/// What keeps this from being said of an ALG, and what would tell. `compared`: with the other side of the router.
[[nodiscard]] std::string reason(const Customer& customer, bool rest, bool compared) {
  const bool proven = customer.sign && customer.sign->proven;
  const auto would = [compared](const char* alone, const char* both = "") { return compared ? both : alone; };
  if (customer.elsewhere)
    return "other customers drop out at the same instants, so it is what they share, the platform or the way to it, "
           "and not this router";
  if (!customer.enough)
    return std::string("too few for a rhythm (six of one call, or four in each of three calls)") +
           (proven ? "; SIP of this customer shows an ALG, so capture longer calls" : "; capture longer calls") +
           would(proven ? ", or both sides of the router (--other-side)"
                        : ", and both sides of the router (--other-side)");
  if (rest) return "in these calls they are too few, or keep no rhythm of their own";
  if (customer.rhythm.together) return "all lines drop out at the same instants, so it is no timer of a call";
  if (without_sip(*customer.group))
    return std::string("no SIP of it was captured, so nothing can show an ALG; a capture with it") +
           would(", or one from the other side of the router (--other-side),") + " would";
  if (!proven)
    return std::string("SIP proves no ALG here") +
           would("; a capture from the other side of the router (--other-side) would",
                 "; what else both sides tell stands with the other findings");
  return std::string("SIP of this customer shows an ALG, but nothing ties these drop-outs to it") +
         would("; a capture from the other side of the router (--other-side) shows who discards them");
}

[[nodiscard]] finding::Finding open(const CaseFacts& facts, const Customer& customer, const Tally& tally,
                                    bool rest = false) {
  const bool asked = customer.enough && !rest;
  const std::string how = asked ? ", " + customer.rhythm.to_text() + customer.rhythm.clock_text() : "";
  finding::Finding finding = finding::Finding::inconclusive(
      kRule, "Media is discarded on a free path" + how + ": " + reason(customer, rest, facts.other_side != nullptr) +
                 "." + moves_text(tally));
  finding.cause = kRule.cause;
  finding.confidence = kOpen;
  tell(finding, tally, customer.sign,
       asked ? statistics(customer.rhythm, known_timers(facts, *customer.group)) : std::vector<finding::Evidence>{});
  if (asked && customer.rhythm.proven()) finding.exhibits.push_back(raster(customer.rhythm));
  return finding;
}

/// What both sides of the router lack it did not discard.
[[nodiscard]] finding::Finding not_here(const Tally& tally) {
  std::size_t count = 0;
  for (const Tally::OfCall& call : tally.calls) count += call.onsets.size();
  finding::Finding finding = finding::Finding::inconclusive(
      kRule, "Media was discarded on a free path, but not by the router between the captures: in " +
                 counted(count, "case", "cases") + " both sides lack the same, so it was lost before it came there.");
  finding.cause = finding::Cause::not_proven;
  tell(finding, tally, std::nullopt, {});
  return finding;
}

[[nodiscard]] bool convicts(const Customer& customer) {
  const Rhythm& rhythm = customer.rhythm;
  // What headers leave open no rhythm tells: a firewall that looks at its flows again, or the phone itself, has a timer
  // of each call's own, too, and a phone that begins its media anew with each offer drops out as SIP passes.
  const bool convicted = customer.sign && customer.sign->proven && !customer.elsewhere;
  return customer.enough && convicted && (rhythm.proven() || rhythm.likely()) && !rhythm.together;
}

/// The calls with enough drop-outs, if the pool or they themselves prove it, and the others.
void judge_customer(const CaseFacts& facts, const Customer& customer, std::vector<finding::Finding>& findings) {
  if (!convicts(customer)) {
    findings.push_back(open(facts, customer, customer.tally));
    return;
  }
  const bool whole = customer.rhythm.follows || customer.rhythm.likely();
  Tally proven;
  Tally rest;
  Rhythm shown = customer.rhythm;
  shown.calls.clear();
  for (std::size_t i = 0; i < customer.tally.calls.size(); ++i) {
    const Tally::OfCall& call = customer.tally.calls[i];
    const bool named = (whole || customer.rhythm.calls[i].proven()) && customer.tally.enough(call);
    (named ? proven : rest).calls.push_back(call);
    if (named) shown.calls.push_back(customer.rhythm.calls[i]);
  }
  if (!proven.calls.empty()) findings.push_back(fail(facts, customer, proven, shown));
  if (!rest.calls.empty()) findings.push_back(open(facts, customer, rest, true));
}

/// The drop-outs of a group for which the box between two captures may answer.
[[nodiscard]] Tally here_of(const CaseFacts& facts, const Group& group, const auto& which) {
  return without_common(
      tally(group, [&](const Onset& onset) { return counts(onset) && !lacked_before(facts, onset) && which(onset); }));
}

/// What both sides tell of SIP counts for what both captures show to lie between them, and for nothing else.
void add_customers(const CaseFacts& facts, const Group& group, Tally&& all, std::vector<Customer>& customers) {
  const auto add = [&](Tally&& tally, std::optional<AlgSign>&& sign) {
    const bool enough = tally.any_enough();
    if (!tally.calls.empty())
      customers.push_back({.group = &group, .tally = std::move(tally), .enough = enough, .sign = std::move(sign)});
  };
  if (all.calls.empty()) return;
  std::optional<AlgSign> one = sign_of(facts, group);
  if (facts.other_side != nullptr && !(one && one->proven)) {
    Tally between = here_of(facts, group, [&](const Onset& onset) { return lost_between(facts, onset); });
    std::optional<AlgSign> both = between.any_enough() ? sign_of_both(facts, group) : std::nullopt;
    if (both) {
      add(std::move(between), std::move(both));
      all = here_of(facts, group, [&](const Onset& onset) { return !lost_between(facts, onset); });
    }
  }
  add(std::move(all), std::move(one));
}

[[nodiscard]] std::vector<Customer> customers_of(const CaseFacts& facts, const std::vector<Group>& groups) {
  std::vector<Tally> tallies(groups.size());
  std::ranges::transform(groups, tallies.begin(), [&](const Group& group) {
    return here_of(facts, group, [](const Onset& /*any*/) { return true; });
  });
  const Concurrence shared = customers_at_once(tallies);
  std::vector<Customer> customers;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t first = customers.size();
    add_customers(facts, groups[i], std::move(tallies[i]), customers);
    const bool struck = shared.suspected() && std::ranges::find(shared.struck, i) != shared.struck.end();
    for (std::size_t of = first; of < customers.size(); ++of) customers[of].elsewhere = struck;
  }
  std::vector<Rhythm*> asked;
  for (Customer& customer : customers) {
    if (!customer.enough) continue;
    customer.rhythm = rhythm_of(customer.tally, *customer.group);
    asked.push_back(&customer.rhythm);
  }
  correct(asked);
  return customers;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  const std::vector<Group> groups = groups_of(facts);
  for (const Customer& customer : customers_of(facts, groups)) judge_customer(facts, customer, findings);
  for (const Group& group : groups) {
    const Tally before =
        tally(group, [&facts](const Onset& onset) { return counts(onset) && lacked_before(facts, onset); });
    if (!before.calls.empty()) findings.push_back(not_here(before));
  }
  if (!findings.empty()) return findings;
  const bool media =
      std::any_of(facts.calls.begin(), facts.calls.end(), [](const CallRecord& call) { return call.observed() > 0; });
  if (!media) return {finding::Finding::not_applicable(kRule, "No RTP of a call was captured.")};
  return {finding::Finding::pass(kRule, 1, "No media was discarded on a free path.")};
}

}  // namespace

CaseRule alg_drop_outs() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
