// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/record.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::capture {

/// What HEP3 says of its payload; HEP1 and HEP2 only carried SIP.
enum class HepContent : std::uint8_t { sip = 1, xmpp = 2, sdp = 3, rtp = 4, rtcp_json = 5, log = 100 };

/// A packet that a capture agent has seen elsewhere and sent on (Homer Encapsulation Protocol 1, 2 and 3).
struct Hep {
  int version = 3;
  net::Endpoint source;  ///< port 0 if the agent did not say; so for the address, whose family is then none
  net::Endpoint destination;
  std::uint8_t ip_protocol = 17;
  std::optional<Time> time;  ///< by the agent's clock; HEP1 has none
  std::uint32_t agent = 0;
  HepContent content = HepContent::sip;  ///< other numbers are possible
  bool compressed = false;               ///< the payload is deflated
  std::optional<std::uint16_t> vlan;
  base::Bytes payload;
  base::Bytes correlation;  ///< Call-ID or the like that the agent names
};

/// Reads one packet, which must fill `octets`; nothing if it is not HEP. HEP1 and HEP2 have no magic number: they are
/// believed if their lengths agree and SIP follows.
[[nodiscard]] std::optional<Hep> parse_hep(base::Bytes octets);

/// How long the HEP3 packet is whose first octets these are (six are needed); nothing if it is none.
[[nodiscard]] std::optional<std::size_t> hep3_length(base::Bytes octets);

}  // namespace viaduct::capture
