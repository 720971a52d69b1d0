// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rules/rules.hpp"

namespace viaduct::audit::rules {
namespace {

std::optional<finding::Finding> judge(const finding::Rule& rule, const Case& about) {
  std::string names;
  std::vector<finding::Evidence> evidence;
  for (const Feature& feature : about.device.features) {
    if (!acts(feature.state)) continue;
    const std::string what = told(feature);
    names += (names.empty() ? "" : ", ") + what;
    evidence.push_back(evidence_of(about, feature.origin, what + " is " + std::string(name(feature.state))));
  }
  if (about.device.features.empty()) return std::nullopt;
  if (evidence.empty()) {
    if (about.device.sip != State::off) return std::nullopt;
    return finding::Finding::pass(rule, confidence_of(about), "Each feature that touches SIP is off.");
  }
  finding::Finding found = finding::Finding::fail(rule, finding::Severity::major, confidence_of(about),
                                                  "SIP is touched by: " + names + ".", evidence.front());
  found.evidence = std::move(evidence);
  add_commands(found, about, true, false);
  return found;
}

}  // namespace

const Rule kSipFeatureOn{
    .rule =
        {.id = "sip-feature-on",
         .title = "A feature that edits or inspects SIP is on",
         .cause = finding::Cause::alg,
         .needs = "A configuration that says so, or a default of that version.",
         .why =
             "It rewrites addresses that phones and platform already handle, ties media to timers of its own, "
             "and drops what it does not understand: one-way audio, calls cut, audio that drops out again and again.",
         .remedy =
             "Switch it off everywhere it can be set, then clear the SIP sessions or restart: old flows keep it."},
    .judge = judge};

}  // namespace viaduct::audit::rules
