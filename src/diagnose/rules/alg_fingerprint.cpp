// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

using fingerprint::Benign;
using fingerprint::ItemEvidence;
using fingerprint::SourceEvidence;
using fingerprint::Verdict;

constexpr finding::Rule kRule{
    .id = "alg-fingerprint",
    .title = "A SIP ALG edits signalling",
    .cause = finding::Cause::alg,
    .needs = "SIP of a customer as it arrives from the router: a capture on the platform, or outside of the router.",
    .why =
        "A router that writes into SIP makes the platform believe that there is no NAT, names ports that it forgets, "
        "and ties media to what it understood of a session. Calls that work today break with the next feature.",
    .remedy =
        "Switch off SIP ALG on every router and firewall on the way, under all of its names (SIP Helper, VoIP "
        "Helper, SIP Inspection, session-helper, SIP Transformations, fixup, passthrough), restart the router, and "
        "capture again.",
};

constexpr std::size_t kNamed = 5;

/// "203.0.113.2, 203.0.113.18 and 3 more".
[[nodiscard]] std::string addresses_text(const std::vector<const SourceEvidence*>& sources) {
  std::string text;
  for (std::size_t i = 0; i < std::min(sources.size(), kNamed); ++i)
    text += (i == 0 ? "" : ", ") + sources[i]->address.to_text();
  if (sources.size() > kNamed) text += " and " + std::to_string(sources.size() - kNamed) + " more";
  return text;
}

[[nodiscard]] finding::Evidence evidence_of(const SourceEvidence& source, const ItemEvidence& item) {
  finding::Evidence evidence = item.proof;
  evidence.text = source.address.to_text() + ": " + std::string(fingerprint::entry_of(item.item).seen);
  if (item.count > 1) evidence.text += ", " + std::to_string(item.count) + " times";
  return evidence;
}

/// Each address with what weighs, and what else was seen.
[[nodiscard]] finding::Table table_of(const std::vector<const SourceEvidence*>& sources) {
  finding::Table table;
  table.title = "What shows it";
  table.heading = {"Address", "Sign", "Group", "Times", "Weight", "May be"};
  for (const SourceEvidence* const source : sources)
    for (const ItemEvidence& item : source->items) {
      const fingerprint::ItemEntry& entry = fingerprint::entry_of(item.item);
      table.rows.push_back({source->address.to_text(), std::string(entry.seen), std::string(name(entry.group)),
                            std::to_string(item.count), std::to_string(item.weight).substr(0, 3),
                            item.explained ? std::string(fingerprint::spoken(*item.explained)) : std::string()});
    }
  return table;
}

void add_behaviours(finding::Finding& found, base::Bytes ids) {
  while (!ids.empty()) {
    const std::string id(ids.substr(0, ids.find(' ')));
    ids.remove_prefix(std::min(ids.size(), id.size() + 1));
    if (std::find(found.behaviours.begin(), found.behaviours.end(), id) == found.behaviours.end())
      found.behaviours.push_back(id);
  }
}

void add_items(finding::Finding& found, const SourceEvidence& source) {
  for (const ItemEvidence& item : source.items) {
    if (item.weight <= 0) continue;
    add_behaviours(found, fingerprint::entry_of(item.item).behaviours);
    if (found.evidence.size() < finding::Finding::kMaxEvidence)
      found.evidence.push_back(evidence_of(source, item));
    else
      ++found.evidence_left_out;
  }
}

/// All of one family, so that the remedy fits.
[[nodiscard]] finding::Finding fail(const std::vector<const SourceEvidence*>& accused) {
  double confidence = 0;
  for (const SourceEvidence* const source : accused) confidence = std::max(confidence, source->confidence());
  const fingerprint::Family family = accused.front()->family.best;
  const SourceEvidence& first = *accused.front();
  std::string statement = first.inside ? "What servers answered to " + addresses_text(accused)
                                       : "What phones behind " + addresses_text(accused) + " wrote";
  statement += " was changed on the way";
  if (family != fingerprint::Family::last) {
    statement += ", in the manner of the " + std::string(fingerprint::name(family));
    if (first.family.lead < 2) statement += " or " + std::string(fingerprint::name(first.family.runner_up));
    statement += " family";
  }
  finding::Finding found = finding::Finding::fail(kRule, finding::Severity::minor, confidence, statement + ".",
                                                  evidence_of(first, first.items.front()));
  found.evidence.clear();
  for (const SourceEvidence* const source : accused) add_items(found, *source);
  std::sort(found.behaviours.begin(), found.behaviours.end());
  found.family = fingerprint::name(family);
  found.remedy = fingerprint::remedy(family);
  if (!found.remedy.empty()) found.remedy += " Then restart the router, and capture again.";
  found.exhibits.emplace_back(table_of(accused));
  return found;
}

/// Where an ALG and something harmless look the same.
[[nodiscard]] finding::Finding open(const std::vector<const SourceEvidence*>& sources) {
  const std::optional<Benign> benign = sources.front()->benign;
  std::string statement = "Signalling of " + addresses_text(sources) + " names the outside address of a NAT: ";
  statement += benign ? std::string(fingerprint::spoken(*benign)) : "the signs of an edit are too weak alone";
  if (benign) statement += ", or a SIP ALG wrote it; from here both look the same";
  statement += ". A capture from inside the router beside this one (--other-side) would tell.";
  finding::Finding found = finding::Finding::inconclusive(kRule, std::move(statement));
  for (const SourceEvidence* const source : sources)
    for (const ItemEvidence& item : source->items)
      if (item.proof.frame != 0 && found.evidence.size() < finding::Finding::kMaxEvidence)
        found.evidence.push_back(evidence_of(*source, item));
  return found;
}

[[nodiscard]] finding::Finding pass(const std::vector<const SourceEvidence*>& clean) {
  std::string statement = "What phones behind " + addresses_text(clean) + " wrote arrived as they wrote it";
  const auto explained = std::find_if(clean.begin(), clean.end(), [](const SourceEvidence* s) { return s->benign; });
  if (explained != clean.end())
    statement += "; where it names the outside, " + std::string(fingerprint::spoken(*(*explained)->benign));
  return finding::Finding::pass(kRule, 0.9, statement + ".");
}

/// Sources of a verdict, the surest first.
[[nodiscard]] std::vector<const SourceEvidence*> of(const CaseFacts& facts, Verdict verdict) {
  std::vector<const SourceEvidence*> some;
  for (const SourceEvidence& source : facts.sources)
    if (source.verdict == verdict) some.push_back(&source);
  std::stable_sort(some.begin(), some.end(), [](const SourceEvidence* a, const SourceEvidence* b) {
    return a->log_likelihood > b->log_likelihood;
  });
  return some;
}

[[nodiscard]] std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  std::vector<const SourceEvidence*> accused = of(facts, Verdict::alg);
  while (!accused.empty()) {
    const fingerprint::Family family = accused.front()->family.best;
    const auto rest = std::stable_partition(accused.begin(), accused.end(), [family](const SourceEvidence* source) {
      return source->family.best == family;
    });
    findings.push_back(fail({accused.begin(), rest}));
    accused.erase(accused.begin(), rest);
  }
  // Without a sign of NAT there is nothing that anybody would have to translate.
  std::vector<const SourceEvidence*> undecided = of(facts, Verdict::undecided);
  std::erase_if(undecided, [](const SourceEvidence* source) {
    return source->items.empty() || (!source->nat_proven && source->log_likelihood <= 0);
  });
  const std::vector<const SourceEvidence*> clean = of(facts, Verdict::clean);
  if (!undecided.empty()) findings.push_back(open(undecided));
  if (findings.empty() && !clean.empty()) findings.push_back(pass(clean));
  if (findings.empty())
    findings.push_back(finding::Finding::not_applicable(
        kRule,
        facts.sources.empty()
            ? "No SIP of a customer was captured."
            : "SIP was captured where no NAT has been passed yet, or where none shows: on the phones' side of the "
              "router, or of phones with public addresses."));
  return findings;
}

}  // namespace

CaseRule alg_fingerprint() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
