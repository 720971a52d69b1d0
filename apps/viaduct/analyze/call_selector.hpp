// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_traffic.hpp"
#include "capture/unwrapper.hpp"

#include <optional>
#include <vector>

namespace viaduct::app::analyze {

/// Tells what belongs to a call from what does not, at one point.
class CallSelector {
 public:
  CallSelector(const std::vector<CallTraffic>& traffic, call::Point point);

  /// What an arrival is of the call.
  enum class Part : std::uint8_t { none, message, media };
  [[nodiscard]] Part part(const capture::Arrival& arrival) const;
  /// Payload types of telephone-event, by any of its descriptions.
  [[nodiscard]] std::bitset<128> keys() const;

 private:
  [[nodiscard]] bool is_message(base::Bytes octets) const;
  [[nodiscard]] bool is_media(const capture::Arrival& arrival) const;

  std::vector<const CallTraffic*> traffic_;
};

}  // namespace viaduct::app::analyze
