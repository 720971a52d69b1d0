// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/common_holds.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/statistics.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "same-instant",
    .title = "Several lines or sites drop out at the same instants",
    .cause = finding::Cause::not_proven,
    .needs = "Drop-outs of two lines or sites at least, at the same time.",
    .why =
        "A timer of a call, a phone or a customer's router knows nothing of the others. What hits several at the same "
        "instant is what they share: of lines of one site the router, its uplink or what is behind; of sites the "
        "platform or the way to it.",
    .remedy =
        "Look at what all of them share, at the times named here, and leave the routers of single sites alone until "
        "that is done. The clocks of the capturing machines must agree to a second (NTP) for sites to be compared.",
};

constexpr double kConfidence = 0.9;

/// Whatever an outage on the way may look like.
[[nodiscard]] bool counts(const Onset& onset) {
  return onset.kind == rtp::GapClass::hard_hole || onset.kind == rtp::GapClass::hold_and_release ||
         onset.kind == rtp::GapClass::queue_loss || (onset.kind == rtp::GapClass::unclear && onset.missing > 0);
}

/// The first drop-outs of each call.
void tell(finding::Finding& finding, const Tally& tally) {
  constexpr std::size_t kOfCall = 3;
  for (const Tally::OfCall& call : tally.calls) {
    finding.calls.push_back(call.call->index);
    for (std::size_t i = 0; i < call.onsets.size(); ++i) {
      if (i < kOfCall && finding.evidence.size() < finding::Finding::kMaxEvidence)
        finding.evidence.push_back(evidence_of(*call.onsets[i]));
      else
        ++finding.evidence_left_out;
    }
    add_streams(finding, call.onsets);
  }
}

/// The lanes over the time of day; `name` of a lane that a call belongs to.
void add_lanes(finding::Timeline& timeline, const std::string& name, const Tally& tally) {
  for (const Tally::OfCall& call : tally.calls) {
    if (timeline.lanes.size() == finding::Timeline::kMaxLanes) {
      ++timeline.left_out;
      continue;
    }
    finding::Lane lane;
    lane.name = name + ", " + call_text(*call.call);
    for (const Onset* const onset : call.onsets)
      lane.intervals.push_back({onset->at, onset->length, finding::Tone::bad, seconds_text(onset->length)});
    const Time end = std::max(timeline.begin + timeline.length, call.call->end);
    timeline.begin = timeline.lanes.empty() ? call.call->begin : std::min(timeline.begin, call.call->begin);
    timeline.length = end - timeline.begin;
    timeline.lanes.push_back(std::move(lane));
  }
}

[[nodiscard]] finding::Finding of_customers(const Concurrence& all, const std::vector<Group>& groups,
                                            const std::vector<Tally>& tallies) {
  std::string names;
  for (const std::size_t of : all.struck) names += (names.empty() ? "" : ", ") + groups[of].name();
  finding::Finding finding = finding::Finding::fail(
      kRule, finding::Severity::major, kConfidence,
      counted(all.struck.size(), "customer drops", "customers drop") + " out at the same instants (by chance " +
          chance_text(all.found.p) + "): " + names +
          ". The fault is in what they share, the platform or the way to it, and in none of their routers.",
      statistic(all, "customers"));
  finding::Timeline timeline;
  timeline.title = "Drop-outs of the customers by the time of day";
  for (const std::size_t of : all.struck) {
    tell(finding, tallies[of]);
    add_lanes(timeline, groups[of].name(), tallies[of]);
  }
  finding.exhibits.emplace_back(std::move(timeline));
  return finding;
}

[[nodiscard]] finding::Finding of_lines(const Rhythm& rhythm, const Tally& tally, const Group& group) {
  finding::Finding finding = finding::Finding::fail(
      kRule, finding::Severity::major, kConfidence,
      counted(rhythm.lines.found.lines, "line drops", "lines drop") + " out at the same instants (by chance " +
          chance_text(rhythm.lines.found.p) +
          "). The fault is in what they share, the router, its uplink or what is behind, and in no timer of a call.",
      statistic(rhythm.lines, "lines"));
  tell(finding, tally);
  finding::Timeline timeline;
  timeline.title = "Drop-outs of the lines by the time of day";
  add_lanes(timeline, group.name(), tally);
  finding.exhibits.emplace_back(std::move(timeline));
  return finding;
}

/// The holds of all groups that are common to calls. What captured them is as likely to have made them as the network.
[[nodiscard]] std::optional<finding::Finding> of_holds(const std::vector<Group>& groups, const CommonHolds& common) {
  Tally held;
  for (const Group& group : groups)
    std::ranges::move(tally(group, [&](const Onset& onset) { return common.contains(onset); }).calls,
                      std::back_inserter(held.calls));
  std::erase_if(held.calls, [&](const Tally::OfCall& call) { return !common.most_of(call); });
  if (held.calls.size() < 2) return std::nullopt;
  std::ranges::sort(held.calls, {}, [](const Tally::OfCall& call) { return call.call->index; });
  finding::Finding found = finding::Finding::inconclusive(
      kRule, "The packets of " + counted(held.calls.size(), "call", "calls") +
                 " were held both ways and came at the same instants: what captured them stood still, and nothing was "
                 "wrong with the calls, or what they share did.");
  found.cause = finding::Cause::not_proven;
  found.severity = finding::Severity::minor;
  tell(found, held);
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  const std::vector<Group> groups = groups_of(facts);
  const CommonHolds common(groups);
  std::vector<Tally> tallies;
  std::size_t lines = 0;
  for (const Group& group : groups) {
    lines += tally(group, counts).calls.size();
    tallies.push_back(tally(group, [&](const Onset& onset) { return counts(onset) && !common.contains(onset); }));
  }
  if (lines < 2) return {finding::Finding::not_applicable(kRule, "No two calls drop out.")};
  std::vector<finding::Finding> findings;
  if (std::optional<finding::Finding> held = of_holds(groups, common)) findings.push_back(std::move(*held));
  const Concurrence all = customers_at_once(tallies);
  if (all.proven()) findings.push_back(of_customers(all, groups, tallies));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool told = all.proven() && std::find(all.struck.begin(), all.struck.end(), i) != all.struck.end();
    if (told || tallies[i].calls.size() < 2 || !lines_at_once(tallies[i]).proven()) continue;
    // Where SIP leads, lines that are refreshed together drop out together.
    const Rhythm rhythm = rhythm_of(tallies[i], groups[i]);
    if (!rhythm.follows) findings.push_back(of_lines(rhythm, tallies[i], groups[i]));
  }
  if (!findings.empty()) return findings;
  return {finding::Finding::pass(kRule, 0.8,
                                 "No lines or sites drop out at the same instants more often than chance has it.")};
}

}  // namespace

CaseRule same_instant() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
