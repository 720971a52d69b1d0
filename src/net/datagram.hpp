// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <span>

namespace viaduct::net {

enum class PacketProblem : std::uint8_t {
  too_short,     ///< fewer octets than the header says
  not_ip,        ///< version is neither 4 nor 6
  not_udp,       ///< another transport, or an IPv6 extension header we do not walk
  fragment,      ///< not a whole datagram
  does_not_fit,  ///< the rebuilt packet would exceed 65535 octets or the caller's buffer
};

/// A UDP datagram inside a whole IP packet as netfilter hands it over: borrowed octets and ranges.
///
///    0               hop limit/protocol    saddr daddr      sport dport len csum   payload
///   |version ... total length ...                         |                       |        |
struct Datagram {
  base::Bytes packet;  ///< from the first octet of the IP header, without link-layer padding
  Endpoint source;
  Endpoint destination;
  std::uint32_t udp_offset = 0;
  base::Range payload;

  [[nodiscard]] base::Bytes body() const VIADUCT_LIFETIME_BOUND { return payload.of(packet); }
};

/// Reads IPv4 (options allowed) or IPv6 (no extension headers) followed by UDP (RFC 768, 791, 8200).
[[nodiscard]] base::Result<Datagram, PacketProblem> parse_datagram(base::Bytes packet);

/// Writes `datagram` with another payload into `out`: header octets copied, length fields and both
/// checksums computed anew (UDP zero checksum of IPv4 stays zero). Returns the number of octets.
[[nodiscard]] base::Result<std::size_t, PacketProblem> rebuild(const Datagram& datagram, base::Bytes payload,
                                                               std::span<char> out);

/// One's complement sum over `data` added to `sum` (RFC 1071); finish with fold_checksum.
[[nodiscard]] std::uint32_t checksum_add(std::uint32_t sum, base::Bytes data);
[[nodiscard]] std::uint16_t fold_checksum(std::uint32_t sum);

}  // namespace viaduct::net
