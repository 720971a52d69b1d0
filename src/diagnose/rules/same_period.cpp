// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/statistics.hpp"
#include "diagnose/words.hpp"
#include "stat/shared_period.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "same-period",
    .title = "Several sites drop out with the same period, each with a phase of its own",
    .cause = finding::Cause::not_proven,
    .needs = "A proven period of the drop-outs of three customers or sites.",
    .why =
        "A fault of the platform or of a shared line hits all sites at the same instants. The same period with other "
        "phases is a timer that each site has of its own and that is set alike everywhere: of the router that all of "
        "them have, or of the phones.",
    .remedy =
        "Compare the routers of the sites named here: model, firmware, and every timer and SIP feature of this length. "
        "Change it at one of them and capture again. What the drop-outs of each site show of an ALG stands in the "
        "other findings.",
};

constexpr std::size_t kFewest = 3;  ///< customers
constexpr double kDifferent = 0.05;
constexpr double kConfidence = 0.8;

[[nodiscard]] bool counts(const Onset& onset) {
  return onset.kind == rtp::GapClass::hard_hole || onset.kind == rtp::GapClass::re_anchor ||
         onset.kind == rtp::GapClass::rebinding || (onset.kind == rtp::GapClass::unclear && onset.missing > 0);
}

/// A customer whose drop-outs have a period.
struct Ticking {
  const Group* group = nullptr;
  Tally tally{};
  Rhythm rhythm{};

  [[nodiscard]] const stat::PeriodEstimate& period() const { return *rhythm.period(); }
};

[[nodiscard]] std::vector<Ticking> ticking(const std::vector<Group>& groups) {
  std::vector<Ticking> found;
  std::vector<Tally> tallies;
  for (const Group& group : groups) {
    Tally one = tally(group, counts);
    if (!one.any_enough()) continue;
    tallies.push_back(one);
    found.push_back({&group, std::move(one), {}});
  }
  if (found.size() < kFewest) return {};
  std::vector<Rhythm*> rhythms;
  for (Ticking& one : found) {
    one.rhythm = rhythm_of(one.tally, *one.group);
    rhythms.push_back(&one.rhythm);
  }
  correct(rhythms);
  const Concurrence shared = customers_at_once(tallies);
  std::vector<Ticking> kept;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool struck =
        shared.suspected() && std::find(shared.struck.begin(), shared.struck.end(), i) != shared.struck.end();
    if (!struck && found[i].rhythm.proven() && found[i].rhythm.period() != nullptr && !found[i].rhythm.together)
      kept.push_back(std::move(found[i]));
  }
  return kept;
}

[[nodiscard]] stat::SharedPeriod shared_by(const std::vector<Ticking>& customers) {
  std::vector<stat::PeriodEstimate> estimates(customers.size());
  std::ranges::transform(customers, estimates.begin(), &Ticking::period);
  return stat::shared_period(estimates);
}

/// Without those whose period is another one, the farthest first.
[[nodiscard]] stat::SharedPeriod agree(std::vector<Ticking>& customers) {
  stat::SharedPeriod shared = shared_by(customers);
  while (customers.size() > kFewest && (shared.p_different < kDifferent || shared.within < customers.size())) {
    const auto off = [&](const Ticking& customer) { return std::abs(customer.period().period - shared.period); };
    customers.erase(std::max_element(customers.begin(), customers.end(),
                                     [&](const Ticking& a, const Ticking& b) { return off(a) < off(b); }));
    shared = shared_by(customers);
  }
  return shared;
}

[[nodiscard]] finding::Finding say(const std::vector<Ticking>& customers, const stat::SharedPeriod& shared,
                                   std::size_t of) {
  finding::Finding finding = finding::Finding::fail(
      kRule, finding::Severity::major, kConfidence,
      std::to_string(customers.size()) + " of " + counted(of, "customer", "customers") +
          " with a period drop out every " + seconds_text(shared.period) +
          ", and not at the same instants: a timer in the router or the phones of each, set alike everywhere; no fault "
          "of the platform or of a line that they share.",
      finding::Evidence{});
  finding.evidence.clear();
  for (const Ticking& customer : customers) {
    const stat::PeriodEstimate& period = customer.period();
    finding::Evidence one = evidence_of(*customer.tally.calls.front().onsets.front());
    one.text = customer.group->name() + ": every " + seconds_text(period.period) + " (" + seconds_text(period.low) +
               " to " + seconds_text(period.high) + "), by chance " + chance_text(customer.rhythm.p);
    if (finding.evidence.size() + 1 < finding::Finding::kMaxEvidence) finding.evidence.push_back(std::move(one));
    if (finding.exhibits.size() < finding::Finding::kMaxExhibits) {
      finding::Timeline shown = raster(customer.rhythm);
      shown.title += ", " + customer.group->name();
      finding.exhibits.emplace_back(std::move(shown));
    }
    for (const Tally::OfCall& call : customer.tally.calls) finding.calls.push_back(call.call->index);
  }
  finding::Evidence same;
  same.text = "periods this far apart, if they are one: by chance " + chance_text(shared.p_different) + "; " +
              std::to_string(shared.within) + " of " + std::to_string(shared.estimates) +
              " intervals of 95 % hold the common one";
  finding.evidence.push_back(std::move(same));
  return finding;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  const std::vector<Group> groups = groups_of(facts);
  std::vector<Ticking> customers = ticking(groups);
  const std::size_t all = customers.size();
  if (all < kFewest)
    return {finding::Finding::not_applicable(kRule, "Fewer than three customers have drop-outs with a period.")};
  const stat::SharedPeriod shared = agree(customers);
  if (shared.p_different < kDifferent || shared.within < kFewest)
    return {finding::Finding::pass(kRule, 0.8, "The periods of the customers differ.")};
  return {say(customers, shared, all)};
}

}  // namespace

CaseRule same_period() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
