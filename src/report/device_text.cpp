// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/device_text.hpp"

#include "base/escape.hpp"
#include "report/columns.hpp"
#include "report/figures.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace viaduct::report {
namespace {

using finding::DeviceSummary;

constexpr std::uint32_t kMostExplained = 20;

[[nodiscard]] int rank(const DeviceSummary& device) {
  if (device.sip == "on") return 0;
  if (device.sip == "partly") return 1;
  if (device.product.empty()) return 3;
  return device.sip == "unknown" ? 2 : 4;
}

[[nodiscard]] std::string line_text(std::uint64_t line, const std::string& file, const std::string& standard) {
  if (line == 0) return standard;
  return "line " + std::to_string(line) + (file.empty() ? "" : " of " + file);
}

}  // namespace

std::string seconds_text(std::int64_t seconds) {
  return seconds < 0 ? "?" : seconds == 0 ? "never" : std::to_string(seconds) + " s";
}

std::string shortest_timer(const DeviceSummary& device) {
  std::int64_t least = -1;
  for (const DeviceSummary::Timer& timer : device.timers)
    if (timer.seconds > 0 && timer.applies != "udp-unreplied" && (least < 0 || timer.seconds < least))
      least = timer.seconds;
  return least < 0 ? "?" : seconds_text(least);
}

std::vector<std::uint32_t> worst_devices(const finding::Result& result) {
  std::vector<std::uint32_t> order(result.devices.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto key = [&](std::uint32_t index) {
    const DeviceSummary& device = result.devices[index];
    return std::pair(device.explains.rank == 0 ? UINT32_MAX : device.explains.rank, rank(device));
  };
  std::ranges::stable_sort(order, {}, key);
  return order;
}

std::vector<std::string> device_heading() {
  return {"file", "host", "product", "version", "<SIP touched", ">UDP timer", "<RTP first"};
}

std::vector<std::string> device_cells(const finding::Result& result, const DeviceSummary& device) {
  if (device.product.empty())
    return {path_of(result, device.input), "", "not recognised", "", "unknown", "?", "unknown"};
  return {path_of(result, device.input), device.hostname,    device.product, device.version, device.sip,
          shortest_timer(device),        device.rtp_priority};
}

std::string inventory_text(const finding::Result& result, std::size_t width) {
  const std::vector<std::uint32_t> worst_first = worst_devices(result);
  Columns columns(device_heading());
  for (const std::uint32_t index : worst_first) columns.add(device_cells(result, result.devices[index]));
  std::string text = columns.to_text(width, "  ");
  for (const std::uint32_t index : worst_first) {
    const DeviceSummary& device = result.devices[index];
    const std::string name = device.hostname.empty() ? path_of(result, device.input) : device.hostname;
    if (device.explains.rank > 0 && device.explains.rank <= kMostExplained)
      text += wrapped(std::to_string(device.explains.rank) + ". " + base::escape(name) + ": " +
                          base::escape(device.explains.sentence),
                      width, "  ");
  }
  if (result.devices_left_out > 0) text += "  (" + std::to_string(result.devices_left_out) + " more)\n";
  return text;
}

std::string device_text(const DeviceSummary& device, std::size_t width) {
  Columns features({"feature that touches SIP", "where", "<state", "because of"});
  for (const DeviceSummary::Feature& feature : device.features)
    features.add({feature.name, feature.scope, feature.state, line_text(feature.line, feature.file, feature.standard)});
  Columns timers({"UDP timer", "where", "<of", ">time", "because of"});
  for (const DeviceSummary::Timer& timer : device.timers)
    timers.add({timer.name, timer.scope, timer.applies, seconds_text(timer.seconds),
                line_text(timer.line, timer.file, timer.standard)});
  Columns nat({"NAT that VoIP notices", "where", "<value", "because of"});
  for (const DeviceSummary::NatTrait& trait : device.nat)
    nat.add({trait.name, trait.scope, trait.value, line_text(trait.line, trait.file, {})});
  std::string text;
  if (!device.features.empty()) text += features.to_text(width, "  ");
  if (!device.timers.empty()) text += "\n" + timers.to_text(width, "  ");
  if (!device.nat.empty()) text += "\n" + nat.to_text(width, "  ");
  return text;
}

}  // namespace viaduct::report
