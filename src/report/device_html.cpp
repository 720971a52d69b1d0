// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/device_html.hpp"

#include "report/device_text.hpp"
#include "report/figures.hpp"
#include "report/markup.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace viaduct::report {
namespace {

using finding::DeviceSummary;

constexpr std::size_t kTimers = 4;  // of one cell
constexpr std::uint32_t kNone = UINT32_MAX;

/// Of each input the worst finding that speaks against it, by the evidence it rests on.
[[nodiscard]] std::vector<std::uint32_t> worst_of_inputs(const finding::Result& result) {
  std::vector<std::uint32_t> worst(result.inputs.size(), kNone);
  for (const std::uint32_t index : finding::worst_findings(result)) {
    const finding::Finding& found = result.findings[index];
    if (found.verdict != finding::Verdict::fail && found.verdict != finding::Verdict::inconclusive) continue;
    for (const finding::Evidence& evidence : found.evidence)
      if (evidence.input < worst.size() && worst[evidence.input] == kNone) worst[evidence.input] = index;
  }
  return worst;
}

/// "nf_conntrack_udp_timeout 30 s, ..."
[[nodiscard]] std::string timers_of(const DeviceSummary& device) {
  std::string text;
  for (std::size_t i = 0; i < std::min(device.timers.size(), kTimers); ++i) {
    const DeviceSummary::Timer& timer = device.timers[i];
    text += (text.empty() ? "" : ", ") + timer.name + " " + seconds_text(timer.seconds);
  }
  if (device.timers.size() > kTimers) text += ", " + std::to_string(device.timers.size() - kTimers) + " more";
  return text.empty() ? "not known" : text;
}

/// "fixedport enable (policy 5), ..."
[[nodiscard]] std::string nat_of(const DeviceSummary& device) {
  std::string text;
  for (std::size_t i = 0; i < std::min(device.nat.size(), kTimers); ++i) {
    const DeviceSummary::NatTrait& trait = device.nat[i];
    text += (text.empty() ? "" : ", ") + trait.name + " " + trait.value + " (" + trait.scope + ")";
  }
  if (device.nat.size() > kTimers) text += ", " + std::to_string(device.nat.size() - kTimers) + " more";
  return text.empty() ? "-" : text;
}

}  // namespace

std::string devices_html(const finding::Result& result, std::size_t rows) {
  if (result.devices.empty()) return {};
  HtmlTable table("Devices, the worst first", {"device", "product", "version", "SIP touched", "worst finding",
                                               "UDP timers", "NAT that VoIP notices", "RTP first", "file"});
  const std::vector<std::uint32_t> order = worst_devices(result);
  const std::vector<std::uint32_t> worst = worst_of_inputs(result);
  const auto or_dash = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  const std::size_t shown = std::min(order.size(), rows);
  for (std::size_t i = 0; i < shown; ++i) {
    const DeviceSummary& device = result.devices[order[i]];
    const std::uint32_t found = device.input < worst.size() ? worst[device.input] : kNone;
    const std::string none = result.findings_left_out > 0 ? "among those left out, or none" : "none";
    table.add({device.hostname.empty() ? "no name" : device.hostname,
               device.product.empty() ? "not recognised" : device.title, or_dash(device.version), device.sip,
               found == kNone ? none : std::string(result.findings[found].rule.title), timers_of(device),
               nat_of(device), device.rtp_priority, file_of(result, device.input)},
              found == kNone ? "" : "finding-" + std::to_string(found));
  }
  return "<h2 id=\"devices\">Devices</h2>\n" + table.take() +
         more(order.size() - shown + result.devices_left_out, "devices");
}

}  // namespace viaduct::report
