// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/gap_class_rule.hpp"

#include "diagnose/common_holds.hpp"
#include "diagnose/statistics.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <set>

namespace viaduct::diagnose {
namespace {

constexpr double kConfidence = 0.9;
constexpr std::size_t kShown = 4;
constexpr Duration kMajor = std::chrono::milliseconds(500);

[[nodiscard]] Duration longest(const Tally::OfCall& call) {
  Duration longest{};
  for (const Onset* const onset : call.onsets) longest = std::max(longest, onset->length);
  return longest;
}

void tell(finding::Finding& finding, const Tally::OfCall& call) {
  finding.calls.push_back(call.call->index);
  for (std::size_t i = 0; i < std::min(kShown, call.onsets.size()); ++i)
    if (finding.evidence.size() < finding::Finding::kMaxEvidence)
      finding.evidence.push_back(evidence_of(*call.onsets[i]));
  add_streams(finding, call.onsets);
}

[[nodiscard]] finding::Finding proven(const GapClassRule& code, const Tally::OfCall& call) {
  finding::Finding finding = finding::Finding::fail(
      code.rule, longest(call) >= kMajor ? finding::Severity::major : finding::Severity::minor, kConfidence,
      counted(call.onsets.size(), "time", "times") + " " + code.what + ", for " + seconds_text(longest(call)) +
          " at most.",
      evidence_of(*call.onsets.front()));
  finding.evidence.clear();
  tell(finding, call);
  return finding;
}

[[nodiscard]] finding::Finding open(const GapClassRule& code, const Tally::OfCall& call, const std::string& why) {
  const std::size_t events = call.events();
  const std::string occasions = events < call.onsets.size() ? ", on " + counted(events, "occasion", "occasions") : "";
  finding::Finding finding = finding::Finding::inconclusive(
      code.rule, counted(call.onsets.size(), "time", "times") + " " + code.what + occasions + ": " + why + ".");
  finding.cause = code.rule.cause;
  finding.confidence = 0.3;
  tell(finding, call);
  return finding;
}

/// The rhythm stands in the first failure of the customer.
void judge_group(const GapClassRule& code, const CaseFacts& facts, const Tally& tally, const Group& group, bool shared,
                 std::vector<finding::Finding>& findings) {
  bool shown = false;
  for (const Tally::OfCall& call : tally.calls) {
    if (shared && code.shared != nullptr) {
      findings.push_back(open(code, call, code.shared));
    } else if (!tally.enough(call)) {
      findings.push_back(
          open(code, call,
               "too few to name a cause; capture longer calls, six of one call or four in each of three are enough"));
    } else {
      findings.push_back(proven(code, call));
      if (!shown) show_rhythm(findings.back(), facts, tally, group);
      shown = true;
    }
  }
}

[[nodiscard]] Tally tally_of(const GapClassRule& code, const Group& group) {
  return tally_of_calls(
      group, [&](const CallRecord& call, const Onset& onset) { return code.counts(onset, customer_of(call, group)); });
}

/// Without what is no phone's, and without the calls that have little else: of these that is said.
[[nodiscard]] Tally own_tally_of(const GapClassRule& code, const Group& group, const CommonHolds& common,
                                 std::vector<finding::Finding>& findings) {
  std::set<const CallRecord*> told;
  for (const Tally::OfCall& call : tally_of(code, group).calls) {
    if (!common.most_of(call)) continue;
    findings.push_back(open(code, call, code.common));
    told.insert(call.call);
  }
  return tally_of_calls(group, [&](const CallRecord& call, const Onset& onset) {
    return !told.contains(&call) && !common.contains(onset) && code.counts(onset, customer_of(call, group));
  });
}

}  // namespace

std::vector<finding::Finding> judge_gap_class(const GapClassRule& code, const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  const std::vector<Group> groups = groups_of(facts);
  std::vector<Tally> tallies;
  tallies.reserve(groups.size());
  if (code.common != nullptr) {
    const CommonHolds common(groups);
    for (const Group& group : groups) tallies.push_back(own_tally_of(code, group, common, findings));
  } else {
    for (const Group& group : groups) tallies.push_back(tally_of(code, group));
  }
  std::vector<bool> shared(groups.size());
  if (code.shared != nullptr)
    if (const Concurrence all = customers_at_once(tallies); all.suspected())
      for (const std::size_t of : all.struck) shared[of] = true;
  for (std::size_t i = 0; i < groups.size(); ++i) judge_group(code, facts, tallies[i], groups[i], shared[i], findings);
  if (!findings.empty()) return findings;
  const bool media =
      std::any_of(facts.calls.begin(), facts.calls.end(), [](const CallRecord& call) { return call.observed() > 0; });
  if (!media) return {finding::Finding::not_applicable(code.rule, "No RTP of a call was captured.")};
  return {finding::Finding::pass(code.rule, 1, "There were no times " + std::string(code.what) + ".")};
}

}  // namespace viaduct::diagnose
