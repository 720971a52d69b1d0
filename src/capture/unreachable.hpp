// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/packet.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::capture {

/// What an ICMP message says could not be delivered.
struct Unreachable {
  net::Endpoint source;       ///< of the UDP datagram that it quotes
  net::Endpoint destination;  ///< of it: where nobody listens, or where no way leads
  std::uint8_t code = 0;
  bool port = false;  ///< code is "port unreachable": the host is there
};

/// Reads type 3 of ICMPv4 (RFC 792) and type 1 of ICMPv6 (RFC 4443) with the quoted headers; `icmp` is a datagram of
/// Protocol::icmp in `frame`. nullopt for another type, and where no UDP header is quoted.
[[nodiscard]] std::optional<Unreachable> read_unreachable(base::Bytes frame, const Packet& icmp);

}  // namespace viaduct::capture
