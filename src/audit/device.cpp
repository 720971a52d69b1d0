// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/device.hpp"

#include <array>
#include <map>

namespace viaduct::audit {

Bytes name(State state) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(State::last)> kNames{"off", "on", "partly", "unknown"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string told(const Feature& feature) {
  return feature.name + " (" + feature.scope + ")";
}

std::string told(const Timer& timer) {
  return timer.name + " (" + timer.scope + ")";
}

bool ends_before(const Timer& timer, std::int64_t seconds) {
  return timer.applies != Timer::Applies::udp_unreplied && timer.seconds > 0 && timer.seconds < seconds;
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

namespace {

/// Of features of one mechanism.
struct Seen {
  bool on = false;
  bool off = false;
  bool unknown = false;

  [[nodiscard]] State state() const {
    if (on) return off || unknown ? State::partly : State::on;
    return unknown ? State::unknown : State::off;
  }
};

}  // namespace

State together(const std::vector<Feature>& features) {
  std::map<Bytes, Seen> mechanisms;
  for (const Feature& feature : features) {
    Seen& seen = mechanisms[feature.mechanism.empty() ? feature.name : feature.mechanism];
    seen.on |= acts(feature.state);
    seen.off |= feature.state == State::off || feature.state == State::partly;
    seen.unknown |= feature.state == State::unknown;
  }
  Seen all{.unknown = features.empty()};
  bool partly = false;
  for (const auto& [name, seen] : mechanisms) {
    const State state = seen.state();
    all.on |= state == State::on;
    partly |= state == State::partly;
    all.unknown |= state == State::unknown;
  }
  if (all.on) return State::on;
  if (partly) return State::partly;
  return all.unknown ? State::unknown : State::off;
}

}  // namespace viaduct::audit
