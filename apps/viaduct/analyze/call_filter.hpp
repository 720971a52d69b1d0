// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "call/registration.hpp"
#include "call/subscription.hpp"
#include "net/address.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::app::analyze {

/// Which calls are told, by one text: a Call-ID, whole; the number or user of a party; an address or a network.
///
/// A number counts without its punctuation, and with seven digits and more also where a prefix stands before it:
/// 030 1234567 finds +49301234567.
class CallFilter {
 public:
  /// Lets everything through.
  CallFilter() = default;
  explicit CallFilter(const std::string& text);

  /// Whether it lets everything through.
  [[nodiscard]] bool all() const { return all_; }
  [[nodiscard]] bool passes(const call::Call& call) const;
  [[nodiscard]] bool passes(const call::Registration& registration) const;
  /// By its Call-ID or its two ends: no party of it is kept.
  [[nodiscard]] bool passes(const call::Subscription& subscription) const;
  /// A message by itself: its Call-ID, who it names as a party, where it goes and what it says that it comes from.
  [[nodiscard]] bool passes(const sip::Message& message, const net::Endpoint& source,
                            const net::Endpoint& destination) const;
  /// For media that no SIP names.
  [[nodiscard]] bool passes(const net::Endpoint& a, const net::Endpoint& b) const;

 private:
  [[nodiscard]] bool is_party(base::Bytes user) const;
  [[nodiscard]] bool names_party(const sip::Message& message) const;
  [[nodiscard]] bool contains(const net::Endpoint& endpoint) const;

  bool all_ = true;
  std::uint64_t call_id_hash_ = 0;
  std::string user_;    ///< in lower case
  std::string digits_;  ///< of a number, without leading zeros; empty: it is none
  std::optional<net::Prefix> network_;
};

}  // namespace viaduct::app::analyze
