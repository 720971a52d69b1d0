// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rules/rules.hpp"

namespace viaduct::audit::rules {
namespace {

std::optional<finding::Finding> judge(const finding::Rule& rule, const Case& about) {
  std::string names;
  std::vector<finding::Evidence> evidence;
  for (const Feature& feature : about.device.features) {
    if (feature.state != State::unknown) continue;
    names += (names.empty() ? "" : ", ") + told(feature);
    evidence.push_back(
        evidence_of(about, feature.origin, feature.note.empty() ? feature.name + " is not known" : feature.note));
  }
  if (evidence.empty()) return std::nullopt;
  finding::Finding found = finding::Finding::inconclusive(rule, "The configuration does not decide: " + names + ".");
  found.evidence = std::move(evidence);
  add_commands(found, about, true, false);
  return found;
}

}  // namespace

const Rule kSipFeatureUnknown{
    .rule = {.id = "sip-feature-unknown",
             .title = "It is not known whether a feature that touches SIP is on",
             .cause = finding::Cause::alg,
             .needs = "A configuration of a known product.",
             .why = "Not being mentioned is not being off: many devices do not write down what is on by default.",
             .remedy = "Check it on the device with the commands below, and switch it off if it is on."},
    .judge = judge};

}  // namespace viaduct::audit::rules
