// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/endpoint.hpp"
#include "finding/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::finding {

/// An address-of-record that a client registered at a registrar (RFC 3261 10), as a point saw it. All text is captured.
struct RegistrationSummary {
  std::string site{};  ///< empty where none was named
  std::string aor;     ///< URI
  std::string contact;
  std::string product;  ///< User-Agent
  Endpoint client;      ///< source of the last request
  Endpoint registrar;
  std::optional<Endpoint> seen_as{};  ///< where the registrar saw it: received and rport (RFC 3581)
  std::string state;                  ///< "registered", "challenged", "refused", "unregistered" or "trying"
  Time first{};
  Time last{};
  std::optional<std::uint32_t> expires_asked{};  ///< seconds
  std::optional<std::uint32_t> expires_given{};
  Duration refreshed_every{};  ///< median; 0 with less than two grants
  std::uint32_t requests = 0;  ///< without retransmissions
  std::uint32_t retransmissions = 0;
  std::uint32_t grants = 0;
  std::uint32_t refusals = 0;
  std::uint16_t last_failure = 0;  ///< status of the last refusal; 0: none
  std::uint32_t losses = 0;        ///< times it was not answered, ran out or was refused while it was registered
  std::uint32_t moves = 0;         ///< times the client's address or port changed
  friend bool operator==(const RegistrationSummary&, const RegistrationSummary&) = default;
};

}  // namespace viaduct::finding
