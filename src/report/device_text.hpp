// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>
#include <vector>

namespace viaduct::report {

/// Indices of devices: those on which SIP is touched first, then those of which it is not known, then the rest; as they
/// came within each.
[[nodiscard]] std::vector<std::uint32_t> worst_devices(const finding::Result& result);

/// "30 s", "never", "?".
[[nodiscard]] std::string seconds_text(std::int64_t seconds);

/// The shortest time after which an answered UDP flow is forgotten: "30 s", "never", "?".
[[nodiscard]] std::string shortest_timer(const finding::DeviceSummary& device);

/// Headings and cells of the inventory: file, host name, product, version, SIP, shortest UDP timer, RTP priority.
[[nodiscard]] std::vector<std::string> device_heading();
[[nodiscard]] std::vector<std::string> device_cells(const finding::Result& result,
                                                    const finding::DeviceSummary& device);

/// All devices as a table, the worst first.
[[nodiscard]] std::string inventory_text(const finding::Result& result, std::size_t width);
/// Features, timers and NAT behaviours of one device, each with its line.
[[nodiscard]] std::string device_text(const finding::DeviceSummary& device, std::size_t width);

}  // namespace viaduct::report
