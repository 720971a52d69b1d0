// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/audit.hpp"

#include "audit/read_device.hpp"
#include "audit/rules/rules.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

[[nodiscard]] finding::DeviceSummary summary_of(const Device& device, const Catalogue& catalogue) {
  const Product* const product = catalogue.find(device.product);
  finding::DeviceSummary summary{.product = device.product,
                                 .title = product == nullptr ? std::string() : product->title(),
                                 .version = device.version,
                                 .hostname = device.hostname,
                                 .sure = device.sure,
                                 .sip = std::string(name(device.sip)),
                                 .rtp_priority = std::string(name(device.rtp_priority))};
  for (const Feature& feature : device.features)
    summary.features.push_back({.name = feature.name,
                                .scope = feature.scope,
                                .state = std::string(name(feature.state)),
                                .line = feature.origin.line,
                                .standard = feature.origin.standard});
  for (const Timer& timer : device.timers)
    summary.timers.push_back({.name = timer.name,
                              .scope = timer.scope,
                              .applies = std::string(name(timer.applies)),
                              .seconds = timer.seconds,
                              .line = timer.origin.line,
                              .standard = timer.origin.standard});
  for (const NatTrait& trait : device.nat)
    summary.nat.push_back({.name = trait.name, .scope = trait.scope, .value = trait.value, .line = trait.origin.line});
  return summary;
}

[[nodiscard]] std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what;
}

}  // namespace

Audited audit(std::string name, std::string octets, const Catalogue& catalogue, const Recogniser& recogniser,
              const std::string& problem) {
  Audited one;
  one.input.path = name;
  one.input.octets = octets.size();
  const Text text = Text::read(std::move(name), std::move(octets));
  if (problem.empty())
    one.device = read_device(text, catalogue, recogniser);
  else
    one.device.problems.push_back(problem);
  one.input.problems = one.device.problems;
  const rules::Case about{.device = one.device, .product = catalogue.find(one.device.product), .text = text};
  for (const rules::Rule* const rule : rules::all())
    if (std::optional<finding::Finding> found = rule->judge(rule->rule, about)) one.findings.push_back(std::move(*found));
  return one;
}

void add(finding::Result& result, const Audited& one, const Catalogue& catalogue) {
  const auto input = static_cast<std::uint32_t>(result.inputs.size());
  result.inputs.push_back(one.input);
  finding::DeviceSummary device = summary_of(one.device, catalogue);
  device.input = input;
  result.devices.push_back(std::move(device));
  for (const finding::Finding& found : one.findings) {
    finding::Finding copy = found;
    for (finding::Evidence& evidence : copy.evidence) evidence.input = input;
    result.findings.push_back(std::move(copy));
  }
}

void conclude(finding::Result& result) {
  std::size_t on = 0;
  std::size_t off = 0;
  std::size_t unread = 0;
  for (const finding::DeviceSummary& device : result.devices) {
    on += device.sip == "on" || device.sip == "partly";
    off += device.sip == "off";
    unread += device.product.empty();
  }
  const std::size_t unknown = result.devices.size() - on - off - unread;
  const bool failed = std::ranges::any_of(result.findings, [](const finding::Finding& found) {
    return found.verdict == finding::Verdict::fail && found.severity != finding::Severity::note;
  });
  const bool open = unread + unknown > 0 || result.devices.empty();
  result.verdict = failed ? finding::Overall::findings : open ? finding::Overall::inconclusive : finding::Overall::clean;
  result.sentence = counted(result.devices.size(), result.devices.size() == 1 ? "configuration. " : "configurations. ") + "SIP is touched by " +
                    counted(on, "of them, by ") + counted(off, "it is not");
  if (unknown > 0) result.sentence += ", of " + counted(unknown, "it is not known");
  if (unread > 0) result.sentence += ", " + counted(unread, "could not be read");
  result.sentence += ".";
  if (on > 0) result.attribution = {.cause = finding::Cause::alg, .confidence = 0};
  for (const finding::Finding& found : result.findings)
    if (found.verdict == finding::Verdict::fail && found.cause == result.attribution.cause)
      result.attribution.confidence = std::max(result.attribution.confidence, found.confidence);
}

}  // namespace viaduct::audit
