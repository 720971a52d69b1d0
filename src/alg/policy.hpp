// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::alg {

/// What the gateway may do, from nothing to edits; each mode includes the ones before it.
/// The table "what acts in which mode" is in docs/architecture.md.
enum class Mode : std::uint8_t { off, observe, pinhole, assist };

[[nodiscard]] base::Bytes text(Mode mode);
[[nodiscard]] std::optional<Mode> parse_mode(base::Bytes text);

/// What the operator says about one party. An absent value means "not said": the next rule decides,
/// for the two `handles_` values the learnt memory.
struct PartyRule {
  std::optional<Mode> mode;
  std::optional<bool> handles_contact;  ///< finds the way back to a private Contact by itself
  std::optional<bool> handles_sdp;      ///< latches onto media from a private SDP address by itself
};

struct InsideRule {
  net::Prefix network;
  std::optional<Mode> mode;
};

/// A SIP platform, by address or by the domain of the Request-URI or To URI.
struct PlatformRule {
  std::optional<net::Prefix> address;
  std::string domain;  ///< lower case; empty when the rule names an address
  PartyRule rule;
};

struct EndpointRule {
  net::Prefix address;
  PartyRule rule;
};

/// Upper bounds against floods; reaching one makes messages pass untouched (counted, shown by `why`).
struct Limits {
  std::uint32_t dialogs = 20000;
  std::uint32_t dialogs_per_source = 500;
  std::uint32_t registrations_per_source = 500;
  std::uint32_t pinholes_per_source = 2000;
  /// An open signalling port answers to anybody: scanners must not use up what the inside needs for its calls.
  [[nodiscard]] std::uint32_t dialogs_from_outside() const { return dialogs / 2; }
  /// For the platforms by which the inside is called; what is spoofed in their name leaves the inside a quarter.
  [[nodiscard]] std::uint32_t dialogs_from_platforms() const { return dialogs - dialogs / 4; }
  /// Transactions outside of dialogs have a budget of their own: they cost nothing to make, and going without one
  /// harms no call.
  [[nodiscard]] std::uint32_t transactions() const { return dialogs; }
  [[nodiscard]] std::uint32_t transactions_from_outside() const { return transactions() / 2; }
  [[nodiscard]] std::uint32_t transactions_per_source() const { return dialogs_per_source; }
};

struct PortRange {
  std::uint16_t first = 10000;
  std::uint16_t last = 59999;
};

/// Everything the operator decides. A value: replaced whole on reload.
struct Policy {
  Mode mode = Mode::observe;
  std::vector<InsideRule> inside;
  std::vector<PlatformRule> platforms;
  std::vector<EndpointRule> endpoints;
  PortRange media_ports;            ///< used only where the inner port is not free outside
  std::chrono::seconds linger{32};  ///< life of mappings after the end of a dialog (RFC 3261 64*T1)
  Limits limits;
};

/// The mode for a new dialog or registration: endpoint before platform before network before default.
[[nodiscard]] Mode mode_for(const Policy& policy, const net::Address& inner, const net::Address& platform,
                            base::Bytes domain);

/// What the operator says about this endpoint, whoever the platform is.
[[nodiscard]] PartyRule endpoint_rule_for(const Policy& policy, const net::Address& inner);

/// What the operator says about this pair: the endpoint's own word first, then the platform's.
[[nodiscard]] PartyRule rule_for(const Policy& policy, const net::Address& inner, const net::Address& platform,
                                 base::Bytes domain);

}  // namespace viaduct::alg
