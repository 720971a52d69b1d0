// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/unreachable.hpp"

#include "capture/link_type.hpp"

namespace viaduct::capture {

std::optional<Unreachable> read_unreachable(base::Bytes frame, const Packet& icmp) {
  constexpr std::size_t kHeader = 8;
  constexpr std::uint8_t kIcmpv4 = 1;
  const base::Bytes octets = icmp.payload.of(frame);
  if (icmp.protocol != Protocol::icmp || octets.size() < kHeader) return std::nullopt;
  const bool four = icmp.ip_protocol == kIcmpv4;
  if (octet_at(octets, 0) != (four ? 3 : 1)) return std::nullopt;
  Packet quoted;
  if (decode(LinkType::raw, octets.substr(kHeader), quoted) != Decoded::datagram || quoted.protocol != Protocol::udp)
    return std::nullopt;
  const std::uint8_t code = octet_at(octets, 1);
  return Unreachable{quoted.source, quoted.destination, code, code == (four ? 3 : 4)};
}

}  // namespace viaduct::capture
