// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "sip/problem.hpp"

#include <cstdint>

namespace viaduct::sip {

enum class Scheme : std::uint8_t { sip, sips, tel, urn, other };

/// A URI as ranges of the message's buffer (RFC 3261 19.1; RFC 3966 for tel).
///
///    sip:alice:secret@[2001:db8::1]:5070;transport=tcp;lr?subject=x
///        |user |password |host      | |port_text|    |headers
///                                     parameters begins at the first ';', headers at the '?'
///
/// tel: `user` is the number, `parameters` are there, no host. urn and other: whole and scheme only.
struct Uri {
  Uri() {}  // NOLINT: "= default" would let Result<Uri> clear it twice

  Range whole;
  Range scheme_text;
  Range user;              ///< as received, escapes not undone; absent without '@'
  Range password;          ///< absent without ':' in the userinfo
  Range host;              ///< with the brackets of an IPv6 reference
  Range port_text;         ///< digits; absent without ':'
  Range parameters;        ///< for ParameterCursor; absent if there are none
  Range headers;           ///< behind the '?'; absent without it
  net::Address literal;    ///< the host, if it is an address; not present for a name
  std::uint16_t port = 0;  ///< 0: not given, or given as 0
  Scheme scheme = Scheme::other;

  /// From the host's first octet to the port's last: what an address rewrite replaces.
  [[nodiscard]] constexpr Range host_port() const {
    return port_text.present() ? Range{host.offset, port_text.end() - host.offset} : host;
  }
  [[nodiscard]] constexpr bool is_sip() const { return scheme == Scheme::sip || scheme == Scheme::sips; }
  /// Address and port; the address is not present for a name.
  [[nodiscard]] constexpr net::Endpoint endpoint() const { return {literal, port}; }
};

/// Reads the URI that fills `range` exactly. Finds the parts and proves host and port; which octets stand in user,
/// parameters and headers is left to check_uri(). Fails on blanks, a missing scheme, a bad host or port,
/// brackets that do not match. One tolerance: ":::" in an IPv6 reference reads as "::" (RFC 5118 4.10).
[[nodiscard]] Result<Uri> parse_uri(Bytes buffer, Range range);

/// A host and an optional port, as in a URI or in Via's sent-by.
struct HostPort {
  Range host;
  Range port_text;
  net::Address literal;
  std::uint16_t port = 0;
};
/// Reads host [":" port] that fills `range` exactly. `lws_around_colon`: Via allows `host : 5060`.
[[nodiscard]] Result<HostPort> parse_host_port(Bytes buffer, Range range, bool lws_around_colon);

}  // namespace viaduct::sip
