// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/box.hpp"
#include "support/ipv4.hpp"

#include <memory>
#include <utility>
#include <vector>

/// A NAT box with the addresses that its tests share: inside 192.168.1.1/24, outside 203.0.113.1.
namespace viaduct::support {

inline constexpr base::Instant kStart{std::chrono::hours(1)};

inline faults::BoxSettings box_settings() {
  faults::BoxSettings settings;
  settings.inside = {ip("192.168.1.1"), 24};
  settings.nat.outer = {ip("203.0.113.1")};
  return settings;
}

/// All that leaves at once when a packet arrives.
inline std::vector<faults::Departure> pass(faults::Box& box, faults::Side from, base::Bytes packet,
                                           base::Instant now = kStart) {
  box.receive(from, packet, now);
  std::vector<faults::Departure> departures;
  while (std::optional<faults::Departure> departure = box.next(now)) departures.push_back(std::move(*departure));
  return departures;
}

/// "outside 203.0.113.1:4000 > 198.51.100.9:6000" for each packet, separated by "; ".
inline std::string summary(const std::vector<faults::Departure>& departures) {
  std::string text;
  for (const faults::Departure& departure : departures) {
    const auto packet = faults::Packet::parse(departure.octets);
    text += text.empty() ? "" : "; ";
    text += departure.to == faults::Side::outside ? "outside " : "inside ";
    text += packet ? packet->source().to_text() + " > " + packet->destination().to_text() : "unreadable";
    if (!checksums_are_right(departure.octets)) text += " damaged";
  }
  return text;
}

}  // namespace viaduct::support
