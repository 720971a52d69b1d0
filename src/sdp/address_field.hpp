// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"

#include <cstdint>

namespace viaduct::sdp {

/// What stands where SDP wants an address.
enum class AddressKind : std::uint8_t {
  absent,  ///< the field does not exist
  ipv4,    ///< `IN IP4` and a dotted quad
  ipv6,    ///< `IN IP6` and an RFC 4291 literal
  fqdn,    ///< `IN IP4|IP6` and a host name
  other,   ///< another nettype or addrtype, a literal of the other family, or no address at all
};

/// `<nettype> <addrtype> <address>` as in o=, c= and a=rtcp, for example `IN IP4 192.0.2.1`
/// (RFC 8866 section 5.7). All ranges are offsets into the whole message buffer.
struct AddressField {
  base::Range nettype;
  base::Range addrtype;
  base::Range address;   ///< the address alone, without /ttl and /count
  net::Address literal;  ///< present for kind ipv4 and ipv6 only
  AddressKind kind = AddressKind::absent;

  [[nodiscard]] constexpr bool present() const { return kind != AddressKind::absent; }
  [[nodiscard]] constexpr bool is_literal() const { return literal.present(); }
};

/// A c= line (RFC 8866 section 5.7).
///
///   c=IN IP4 233.252.0.1/127/3
///     ^nettype ^addr     ^suffix
struct Connection {
  base::Range line;    ///< without line end; absent if there is no such line
  base::Range suffix;  ///< `/ttl` or `/ttl/count` including the first slash; absent if there is none
  AddressField where;

  [[nodiscard]] constexpr bool present() const { return line.present(); }
  /// RFC 2543 hold or "not known yet" (RFC 8840): a literal of all zeros.
  [[nodiscard]] bool is_unspecified() const {
    return where.is_literal() && where.literal.scope() == net::Scope::unspecified;
  }
};

/// Reads an address that stands alone, as in a=candidate: IPv4, IPv6 (brackets are accepted, since some phones write
/// them), or a host name. Sets `literal` for the first two. Never gives `absent`.
[[nodiscard]] AddressKind classify_address(base::Bytes text, net::Address& literal);

}  // namespace viaduct::sdp
