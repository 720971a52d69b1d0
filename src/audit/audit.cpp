// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/audit.hpp"

#include "audit/form.hpp"
#include "audit/read_device.hpp"
#include "audit/rules/rules.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

[[nodiscard]] finding::DeviceSummary summary_of(const Device& device, const Joined& joined,
                                                const Catalogue& catalogue) {
  const Product* const product = catalogue.find(device.product);
  finding::DeviceSummary summary{.product = device.product,
                                 .title = product == nullptr ? std::string() : product->title(),
                                 .version = device.version,
                                 .hostname = device.hostname,
                                 .sure = device.sure,
                                 .sip = std::string(name(device.sip)),
                                 .rtp_priority = std::string(name(device.rtp_priority))};
  for (const Feature& feature : device.features) {
    Place place = joined.of(feature.origin.line);
    summary.features.push_back({.name = feature.name,
                                .scope = feature.scope,
                                .state = std::string(name(feature.state)),
                                .line = place.line,
                                .file = std::move(place.file),
                                .standard = feature.origin.standard});
  }
  for (const Timer& timer : device.timers) {
    Place place = joined.of(timer.origin.line);
    summary.timers.push_back({.name = timer.name,
                              .scope = timer.scope,
                              .applies = std::string(name(timer.applies)),
                              .seconds = timer.seconds,
                              .line = place.line,
                              .file = std::move(place.file),
                              .standard = timer.origin.standard});
  }
  for (const NatTrait& trait : device.nat) {
    Place place = joined.of(trait.origin.line);
    summary.nat.push_back({.name = trait.name,
                           .scope = trait.scope,
                           .value = trait.value,
                           .line = place.line,
                           .file = std::move(place.file)});
  }
  return summary;
}

/// Whether a timer is not known that ends what calls need.
[[nodiscard]] bool untimed(const finding::DeviceSummary& device) {
  return std::ranges::any_of(device.timers, [](const finding::DeviceSummary::Timer& timer) {
    return timer.seconds == Timer::kUnknown && timer.applies != name(Timer::Applies::udp_unreplied) &&
           timer.applies != name(Timer::Applies::policy);
  });
}

[[nodiscard]] std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what;
}

[[nodiscard]] Audited judged(const Text& text, Device device, const Catalogue& catalogue, Joined joined = {}) {
  Audited one;
  one.joined = std::move(joined);
  one.input.path = text.name();
  one.input.octets = text.octets().size();
  one.device = std::move(device);
  one.input.problems = one.device.problems;
  const rules::Case about{
      .device = one.device, .product = catalogue.find(one.device.product), .text = text, .joined = one.joined};
  for (const rules::Rule* const rule : rules::all())
    if (std::optional<finding::Finding> found = rule->judge(rule->rule, about))
      one.findings.push_back(std::move(*found));
  return one;
}

/// First lines of the devices in one text; one if it is of one.
[[nodiscard]] std::vector<std::uint32_t> devices_of(const Text& text, const Recogniser& recogniser) {
  std::vector<Recogniser::Guess> guesses;
  if (text.kind() == Text::Kind::text) guesses = recogniser.guess(text);
  return guesses.empty() ? std::vector{text.first()} : devices_in(text, *guesses.front().product);
}

/// Of a file that could not be read.
[[nodiscard]] Device unread(const std::string& problem) {
  Device device;
  device.problems.push_back(problem);
  return device;
}

/// As one device; `octets`: of the file, before anything was made of it.
[[nodiscard]] Audited as_one(const Text& text, std::size_t octets, const Catalogue& catalogue,
                             const Recogniser& recogniser, const Source& source) {
  const bool read = source.problem.empty();
  Audited one = judged(text, read ? read_device(text, catalogue, recogniser) : unread(source.problem), catalogue,
                       Joined(text, source.files));
  one.input.octets = octets;
  return one;
}

}  // namespace

Audited audit(std::string name, std::string octets, const Catalogue& catalogue, const Recogniser& recogniser) {
  const std::size_t size = octets.size();
  return as_one(Text::read(std::move(name), std::move(octets)), size, catalogue, recogniser, Source());
}

std::vector<Audited> audit_each(Source source, const Catalogue& catalogue, const Recogniser& recogniser) {
  const std::size_t size = source.octets.size();
  Text text = Text::read(std::move(source.name), std::move(source.octets));
  if (!source.doubt.empty()) text.doubt(std::move(source.doubt));
  const std::vector<std::uint32_t> begins =
      source.problem.empty() && source.files.empty() ? devices_of(text, recogniser) : std::vector{text.first()};
  if (begins.size() == 1) return {as_one(text, size, catalogue, recogniser, source)};
  std::vector<Audited> all;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const Text part = text.between(begins[i], i + 1 < begins.size() ? begins[i + 1] : text.last() + 1);
    all.push_back(judged(part, read_device(part, catalogue, recogniser), catalogue));
    all.back().first_line = part.first();
  }
  return all;
}

void add(finding::Result& result, const Audited& one, const Catalogue& catalogue) {
  const auto input = static_cast<std::uint32_t>(result.inputs.size());
  result.inputs.push_back(one.input);
  finding::DeviceSummary device = summary_of(one.device, one.joined, catalogue);
  device.input = input;
  device.line = one.first_line;
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
  std::size_t untold = 0;
  for (const finding::DeviceSummary& device : result.devices) {
    on += device.sip == "on" || device.sip == "partly";
    off += device.sip == "off";
    unread += device.product.empty();
    untold += device.sip == "off" && untimed(device);
  }
  const std::size_t unknown = result.devices.size() - on - off - unread;
  const bool failed = std::ranges::any_of(result.findings, [](const finding::Finding& found) {
    return found.verdict == finding::Verdict::fail && found.severity != finding::Severity::note;
  });
  const bool open = unread + unknown + untold > 0 || result.devices.empty();
  result.verdict = failed ? finding::Overall::findings
                   : open ? finding::Overall::inconclusive
                          : finding::Overall::clean;
  result.sentence =
      counted(result.devices.size(), result.devices.size() == 1 ? "configuration. " : "configurations. ") +
      "SIP is touched by " + counted(on, "of them, by ") + counted(off, "it is not");
  if (unknown > 0) result.sentence += ", of " + counted(unknown, "it is not known");
  if (unread > 0) result.sentence += ", " + counted(unread, "could not be read");
  if (untold > 0) result.sentence += "; after what time UDP sessions end is not known of " + std::to_string(untold);
  result.sentence += ".";
  if (on > 0) result.attribution = {.cause = finding::Cause::alg, .confidence = 0};
  for (const finding::Finding& found : result.findings)
    if (found.verdict == finding::Verdict::fail && found.cause == result.attribution.cause)
      result.attribution.confidence = std::max(result.attribution.confidence, found.confidence);
}

}  // namespace viaduct::audit
