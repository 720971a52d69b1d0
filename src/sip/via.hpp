// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "sip/message.hpp"
#include "sip/problem.hpp"

#include <cstdint>

namespace viaduct::sip {

enum class Transport : std::uint8_t { udp, tcp, tls, sctp, tls_sctp, ws, wss, other };
[[nodiscard]] Transport transport_of(Bytes token);

/// One Via value (RFC 3261 20.42, 25.1 via-parm; rport RFC 3581; keep RFC 6223; alias RFC 5923).
///
///    SIP/2.0/UDP 192.168.1.2:5060;rport=5062;branch=z9hG4bK776;received=192.0.2.1
///    |   |   |   |host      port_text
///    |   |   transport_text
///    |   version
///    protocol
struct Via {
  Via() {}  // NOLINT: "= default" would let Result<Via> clear it twice

  Range whole;
  Range protocol;
  Range version;
  Range transport_text;
  Range host;  ///< of sent-by, with the brackets of an IPv6 reference
  Range port_text;
  Range parameters;  ///< all, in order, for ParameterCursor
  // Values; absent if the parameter or its value is missing.
  Range branch;
  Range received;
  Range rport;
  Range maddr;
  Range ttl;
  net::Address literal;           ///< sent-by, if it is an address
  net::Address received_address;  ///< with or without brackets (RFC 5118 4.5)
  std::uint16_t port = 0;         ///< of sent-by; 0: not given
  std::uint16_t rport_value = 0;  ///< 0: absent, or without a value
  Transport transport = Transport::other;
  bool has_rport = false;  ///< ;rport with or without a value
  bool has_keep = false;
  bool has_alias = false;

  /// From the host's first octet to the port's last.
  [[nodiscard]] constexpr Range sent_by() const {
    return port_text.present() ? Range{host.offset, port_text.end() - host.offset} : host;
  }
  [[nodiscard]] constexpr net::Endpoint endpoint() const { return {literal, port}; }
};

/// Reads one value (ValueCursor cuts lists). Fails where protocol or sent-by cannot be read. A parameter with a value
/// that is no port or no address keeps its Range; the number or address beside it is 0 or not present then.
[[nodiscard]] Result<Via> parse_via(Bytes buffer, Range value);

/// The first value of the first Via; Problem::missing_header without one.
[[nodiscard]] Result<Via> top_via(const Message& message);

}  // namespace viaduct::sip
