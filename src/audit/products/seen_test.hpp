// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/products/products.hpp"
#include "audit/recognition.hpp"

#include <string>

namespace viaduct::audit {

inline std::string line_of(const Origin& origin) {
  return origin.line == 0 ? "" : " @" + std::to_string(origin.line);
}

/// What the reader of the product makes of a text, which need not be the whole configuration of a device (form_test.cpp
/// tells those).
inline Device by_reader(std::string octets) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const Text text = Text::read("a", std::move(octets));
  Device device;
  const std::vector<Recogniser::Guess> guesses = recogniser.guess(text);
  const products::Reader read = guesses.empty() ? nullptr : products::reader_of(guesses.front().product->reader);
  if (read == nullptr) return device;
  device.product = guesses.front().product->id;
  read(text, *guesses.front().product, device);
  return device;
}

/// Product, the state of all, then a line for each feature and each timer that a line set.
inline std::string seen(std::string text) {
  const Device device = by_reader(std::move(text));
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
