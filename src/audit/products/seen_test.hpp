// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/read_device.hpp"

#include <string>

namespace viaduct::audit {

inline std::string line_of(const Origin& origin) {
  return origin.line == 0 ? "" : " @" + std::to_string(origin.line);
}

/// Product, the state of all, then a line for each feature and each timer that a line set.
inline std::string seen(std::string text) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const Device device = read_device(Text::read("a", std::move(text)), catalogue, recogniser);
  std::string shown = device.product + " " + std::string(name(device.sip)) + "\n";
  for (const Feature& feature : device.features)
    shown +=
        feature.name + " [" + feature.scope + "] " + std::string(name(feature.state)) + line_of(feature.origin) + "\n";
  for (const Timer& timer : device.timers)
    if (timer.origin.line != 0)
      shown += timer.name + " [" + timer.scope + "] " + std::to_string(timer.seconds) + line_of(timer.origin) + "\n";
  if (device.rtp_priority != Priority::no) shown += "rtp priority " + std::string(name(device.rtp_priority)) + "\n";
  return shown;
}

}  // namespace viaduct::audit
