// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/link_type.hpp"
#include "capture/octets.hpp"
#include "net/address.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace viaduct::capture {

/// What the innermost IP header carries.
enum class Protocol : std::uint8_t { other, udp, tcp, icmp, sctp };

/// What wrapped the innermost IP packet last.
enum class Tunnel : std::uint8_t { none, gre, erspan, vxlan, ip_in_ip, l2tp, mpls };

/// The innermost IP packet of a frame. Ranges count octets of the frame.
///
///    0  link layer, tags, tunnels   ip            transport     payload        end of ip
///   |                              |IP header    |UDP header   |              |
struct Packet {
  net::Endpoint source;              ///< port 0 unless UDP, TCP or SCTP
  net::Endpoint destination;         ///< the same
  base::Range ip;                    ///< without link-layer padding
  base::Range payload;               ///< behind the transport header, as far as it was captured; ICMP: from its type on
  std::uint32_t payload_length = 0;  ///< what the headers say
  std::uint32_t transport = 0;       ///< offset of the transport header
  std::uint32_t ip_id = 0;           ///< of IPv4, or of an IPv6 fragment header
  std::uint16_t fragment_offset = 0;   ///< in octets; fragments only
  bool more_fragments = false;         ///< fragments only
  std::uint32_t fragment_header = 0;   ///< IPv6 fragments only: its offset
  std::uint32_t fragment_pointer = 0;  ///< IPv6 fragments only: offset of the octet that announces it
  Protocol protocol = Protocol::other;
  std::uint8_t ip_protocol = 0;  ///< IANA protocol number
  std::uint8_t ttl = 0;          ///< or hop limit
  std::uint8_t dscp = 0;
  std::uint8_t ecn = 0;
  Tunnel tunnel = Tunnel::none;
  std::uint8_t tunnel_depth = 0;
  std::uint8_t vlan_count = 0;           ///< at most what `vlans` holds; further tags are not kept
  std::array<std::uint16_t, 4> vlans{};  ///< VLAN ids from the outermost on

  /// Less was captured than was on the wire.
  [[nodiscard]] bool cut() const { return payload.length < payload_length; }
};

/// What decode() made of a frame.
enum class Decoded : std::uint8_t {
  datagram,      ///< a whole IP packet: all of Packet is set
  fragment,      ///< a part of one: ports are not set, payload is what follows the IP header(s)
  not_ip,        ///< ARP, spanning tree, PPP negotiation and the like
  unknown_link,  ///< a link type that is not understood
  malformed,     ///< headers contradict themselves, or end behind what was captured
  too_deep,      ///< more headers than kMaxHeaders
};

/// Most headers that are walked before one gives up.
inline constexpr int kMaxHeaders = 24;

/// Reads the link layer, VLAN tags, PPPoE, PPP, MPLS, IPv4 with options and IPv6 with extension headers, and follows
/// GRE, ERSPAN, VXLAN (to port 4789), IP in IP and L2TPv2 (port 1701) inward. What only seems to be a tunnel, because
/// no IP packet lies in it, is left as what carries it. Nothing is copied or allocated; checksums are not looked at
/// (capturing machines see them before they are computed). `packet` is overwritten.
[[nodiscard]] Decoded decode(LinkType link, base::Bytes frame, Packet& packet);

/// The part of a TCP header that reassembly needs.
struct TcpHeader {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  bool syn = false;
  bool fin = false;
  bool rst = false;
  bool ack = false;
};
/// Only for a datagram of Protocol::tcp.
[[nodiscard]] inline TcpHeader tcp_header(base::Bytes frame, const Packet& packet) {
  const std::uint8_t flags = octet_at(frame, packet.transport + 13);
  TcpHeader header;
  header.sequence = long_at(frame, packet.transport + 4);
  header.acknowledgement = long_at(frame, packet.transport + 8);
  header.fin = (flags & 0x01) != 0;
  header.syn = (flags & 0x02) != 0;
  header.rst = (flags & 0x04) != 0;
  header.ack = (flags & 0x10) != 0;
  return header;
}

}  // namespace viaduct::capture
