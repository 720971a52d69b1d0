// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/wrong_field.hpp"

#include <string>

namespace viaduct::diagnose::rules {
namespace {

using fingerprint::SourceEvidence;

[[nodiscard]] finding::Finding fail(const WrongField& field, const SourceEvidence& source,
                                    const fingerprint::ItemEvidence& item) {
  const bool box = source.verdict == fingerprint::Verdict::alg && item.weight > 0;
  finding::Evidence proof = item.proof;
  proof.text = source.address.to_text() + ": " + std::string(fingerprint::entry_of(item.item).seen);
  finding::Finding found = finding::Finding::fail(
      field.rule, finding::Severity::minor, 0.95,
      std::string(field.wrong) + " of " + source.address.to_text() + ", " + std::to_string(item.count) +
          (item.count == 1 ? " time" : " times") +
          (box ? ": a box on the way left it so." : "; who made it so cannot be told from here."),
      std::move(proof));
  found.cause = box ? finding::Cause::alg : finding::Cause::not_proven;
  found.behaviours.emplace_back(fingerprint::entry_of(item.item).behaviours);
  if (box) found.family = fingerprint::name(source.family.best);
  return found;
}

}  // namespace

std::vector<finding::Finding> judge_field(const WrongField& field, const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  bool fits = false;
  for (const SourceEvidence& source : facts.sources) {
    fits |= source.*field.fits;
    if (const fingerprint::ItemEvidence* const item = source.find(field.item))
      findings.push_back(fail(field, source, *item));
  }
  if (!findings.empty()) return findings;
  findings.push_back(fits ? finding::Finding::pass(field.rule, 0.95, std::string(field.right))
                          : finding::Finding::not_applicable(field.rule, std::string(field.missing)));
  return findings;
}

}  // namespace viaduct::diagnose::rules
