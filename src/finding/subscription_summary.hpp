// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/endpoint.hpp"
#include "finding/time.hpp"

#include <cstdint>
#include <string>

namespace viaduct::finding {

/// SUBSCRIBE and NOTIFY of one Call-ID (RFC 6665), as a point saw them. All text is captured.
struct SubscriptionSummary {
  std::string site{};  ///< empty where none was named
  std::string call_id;
  std::string package;  ///< of Event: "dialog", "message-summary"
  Endpoint subscriber;
  Endpoint notifier;
  std::string state;     ///< "active", "pending", "terminated", "refused" or "trying"
  std::string reason{};  ///< of Subscription-State: terminated
  Time first{};
  Time last{};
  std::uint32_t expires = 0;  ///< seconds that were granted last; 0: none
  std::uint32_t subscribes = 0;
  std::uint32_t notifies = 0;
  std::uint16_t last_failure = 0;  ///< status; 0: none
  friend bool operator==(const SubscriptionSummary&, const SubscriptionSummary&) = default;
};

}  // namespace viaduct::finding
