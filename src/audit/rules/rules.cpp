// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rules/rules.hpp"

#include "audit/mask.hpp"
#include "audit/plan.hpp"

#include <array>
#include <optional>

namespace viaduct::audit::rules {

std::span<const Rule* const> all() {
  static constexpr std::array<const Rule*, 6> kAll{&kSipFeatureOn,    &kHalfSwitchedOff,   &kSipFeatureUnknown,
                                                   &kUdpTimeoutShort, &kRtpNotPrioritised, &kConfigurationUnread};
  return kAll;
}

finding::Evidence evidence_of(const Case& about, const Origin& origin, std::string what) {
  finding::Evidence evidence{.input = about.input, .text = std::move(what)};
  if (origin.line == 0) {
    if (!origin.standard.empty()) evidence.text += " (no line says so; default: " + origin.standard + ")";
    return evidence;
  }
  const Place place = about.joined.of(origin.line);
  evidence.line = place.line;
  if (!place.file.empty()) evidence.text += " (" + place.file + ")";
  // No more than kMaxOctets is shown, and thousands of features may stand on one line.
  const std::string line = masked_head(about.text.line(origin.line), 8 * finding::Evidence::kMaxOctets);
  const std::size_t begin = line.find_first_not_of(" \t");
  finding::quote(evidence, line, begin == std::string::npos ? base::Range() : base::between(begin, line.size()));
  return evidence;
}

double confidence_of(const Case& about) {
  if (about.product == nullptr) return 0;
  const double known = about.device.deep                       ? 0.95
                       : about.product->confidence == "high"   ? 0.9
                       : about.product->confidence == "medium" ? 0.7
                                                               : 0.4;
  return known * about.device.sure;
}

void add_commands(finding::Finding& finding, const Case& about, bool features, bool timers) {
  if (about.product == nullptr) return;
  const Plan plan = plan_of(*about.product, about.device, features, timers);
  finding::Table table{.title = "What to type", .heading = {"step", "command", ""}, .rows = {}};
  std::optional<Plan::Step::Kind> last;
  for (const Plan::Step& step : plan.steps) {
    table.rows.push_back({step.kind == last ? std::string() : std::string(name(step.kind)), step.command,
                          !step.verified ? "not verified, or to be filled in"
                          : step.by_hand ? "by hand"
                                         : ""});
    last = step.kind;
  }
  if (!plan.where.empty()) table.rows.push_back({"by the web", plan.where, plan.where_verified ? "" : "not verified"});
  if (!table.rows.empty()) finding.exhibits.emplace_back(std::move(table));
  if (!features) return;
  finding::Table notes{.title = "To know before", .heading = {"note"}, .rows = {}};
  for (const std::string& note : plan.notes) notes.rows.push_back({note});
  for (const NatTrait& trait : about.device.nat)
    notes.rows.push_back({trait.name + " " + trait.value + " (" + trait.scope + ", line " +
                          std::to_string(about.joined.of(trait.origin.line).line) +
                          ") is how NAT maps ports and no ALG: leave it as it is"});
  std::string sources = "confidence of the catalogue: " + about.product->confidence + "; sources: ";
  for (const std::string& source : about.product->sources)
    sources += (source == about.product->sources.front() ? "" : "; ") + source;
  notes.rows.push_back({std::move(sources)});
  finding.exhibits.emplace_back(std::move(notes));
}

}  // namespace viaduct::audit::rules
