// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/history.hpp"

#include <algorithm>

namespace viaduct::diagnose::fingerprint {
namespace {

[[nodiscard]] bool any(const std::array<ChannelHistory, kChannels>& channels, std::uint16_t ChannelHistory::*count) {
  return std::any_of(channels.begin(), channels.end(), [count](const ChannelHistory& c) { return c.*count > 0; });
}

}  // namespace

bool Device::sdp_own() const {
  return any(channels, &ChannelHistory::sdp_own);
}

bool Device::sdp_inner() const {
  return any(channels, &ChannelHistory::sdp_inner);
}

bool Device::headers_own() const {
  return any(channels, &ChannelHistory::headers_own);
}

bool Device::headers_inner() const {
  return any(channels, &ChannelHistory::headers_inner);
}

bool Device::untouched() const {
  const auto seen = [this](Item item) { return counts[static_cast<std::size_t>(item)] > 0; };
  return headers_inner() && !headers_own() && !sdp_own() && !seen(Item::contact_ahead);
}

bool Source::is_client() const {
  return std::any_of(devices.begin(), devices.end(),
                     [](const Device& device) { return device.registers || device.authenticates; });
}

}  // namespace viaduct::diagnose::fingerprint
