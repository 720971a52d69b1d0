// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rules/rules.hpp"

namespace viaduct::audit::rules {
namespace {

std::optional<finding::Finding> judge(const finding::Rule& rule, const Case& about) {
  const Feature* off = nullptr;
  const Feature* on = nullptr;
  for (const Feature& feature : about.device.features) {
    if (feature.state == State::off && feature.origin.line > 0 && off == nullptr) off = &feature;
    if (acts(feature.state) && on == nullptr) on = &feature;
  }
  if (off == nullptr || on == nullptr) return std::nullopt;
  finding::Finding found = finding::Finding::fail(rule, finding::Severity::minor, confidence_of(about),
                                                  told(*off) + " is off, and " + told(*on) + " is on all the same.",
                                                  evidence_of(about, off->origin, "switched off here"));
  found.evidence.push_back(evidence_of(about, on->origin, told(*on) + " is on"));
  return found;
}

}  // namespace

const Rule kHalfSwitchedOff{
    .rule = {.id = "sip-half-switched-off",
             .title = "SIP is switched off in one place and on in another",
             .cause = finding::Cause::configuration,
             .needs = "Several features, ports, zones or policies of one device.",
             .why = "Whoever switched it off believes that it is off, and looks for the fault elsewhere.",
             .remedy = "Switch off what is left."},
    .judge = judge};

}  // namespace viaduct::audit::rules
