// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/device.hpp"

#include <array>

namespace viaduct::audit {

Bytes name(State state) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(State::last)> kNames{"off", "on", "partly", "unknown"};
  return kNames[static_cast<std::size_t>(state)];
}

Bytes name(Timer::Applies applies) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(Timer::Applies::last)> kNames{
      "udp", "udp-unreplied", "udp-stream", "sip", "rtp", "policy"};
  return kNames[static_cast<std::size_t>(applies)];
}

Bytes name(Priority priority) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(Priority::last)> kNames{"no", "yes", "unknown"};
  return kNames[static_cast<std::size_t>(priority)];
}

State together(const std::vector<Feature>& features) {
  bool on = false;
  bool off = false;
  bool unknown = features.empty();
  for (const Feature& feature : features) {
    on |= feature.state == State::on || feature.state == State::partly;
    off |= feature.state == State::off || feature.state == State::partly;
    unknown |= feature.state == State::unknown;
  }
  if (on) return off ? State::partly : State::on;
  return unknown ? State::unknown : State::off;
}

}  // namespace viaduct::audit
