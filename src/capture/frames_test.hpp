// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/packet.hpp"
#include "net/datagram.hpp"

#include <concepts>
#include <cstdint>
#include <string>

/// Frames for the tests, built from the inside out. Nothing of it is code under test.
namespace viaduct::capture::test {

template <std::integral T>
std::string be(T value, int octets) {
  std::string text;
  for (int i = octets - 1; i >= 0; --i) text += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  return text;
}
template <std::integral T>
std::string be16(T value) {
  return be(value, 2);
}
template <std::integral T>
std::string be32(T value) {
  return be(value, 4);
}

inline std::string udp(int source, int destination, const std::string& payload) {
  return be16(source) + be16(destination) + be16(8 + payload.size()) + be16(0) + payload;
}

struct TcpFlags {
  bool syn = false, fin = false, rst = false, ack = true;
};
inline std::string tcp(int source, int destination, std::uint32_t sequence, std::uint32_t acknowledgement,
                       TcpFlags flags, const std::string& payload, const std::string& options = "") {
  const int bits = (flags.fin ? 1 : 0) | (flags.syn ? 2 : 0) | (flags.rst ? 4 : 0) | (flags.ack ? 16 : 0);
  return be16(source) + be16(destination) + be32(sequence) + be32(acknowledgement) +
         be((20 + options.size()) / 4 << 4, 1) + be(bits, 1) + be16(65535) + be32(0) + options + payload;
}

/// What an IPv4 header may have besides lengths and addresses.
struct Ipv4 {
  int protocol = 17;
  std::string source = std::string("\x0a\0\0\7", 4);
  std::string destination = std::string("\xc6\x33\x64\5", 4);
  int id = 0x1234;
  int part = 0x4000;  ///< flags and fragment offset
  int traffic_class = 0xb8;
  std::string options{};
};
inline std::string ipv4(const std::string& payload, const Ipv4& how = {}) {
  std::string header = be(0x40 | (20 + how.options.size()) / 4, 1) + be(how.traffic_class, 1) +
                       be16(20 + how.options.size() + payload.size()) + be16(how.id) + be16(how.part) + be(64, 1) +
                       be(how.protocol, 1) + be16(0) + how.source + how.destination + how.options;
  const std::string sum = be16(net::fold_checksum(net::checksum_add(0, header)));
  return header.replace(10, 2, sum) + payload;
}

/// From 2001:db8::7 to 2001:db8::5, EF, hop limit 63.
inline std::string ipv6(const std::string& payload, int next = 17) {
  const std::string prefix("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0", 15);
  return be32(0x6b800000) + be16(payload.size()) + be(next, 1) + be(63, 1) + prefix + "\7" + prefix + "\5" + payload;
}

inline std::string ethernet(int type, const std::string& payload) {
  return std::string("\2\0\0\0\0\1\2\0\0\0\0\2", 12) + be16(type) + payload;
}

/// 10.0.0.7:5060 to 198.51.100.5:5062.
inline std::string datagram(const std::string& payload) {
  return ipv4(udp(5060, 5062, payload));
}

/// A packet as one line: who to whom, what, and where it was.
inline std::string show(Decoded decoded, base::Bytes frame, const Packet& p) {
  constexpr const char* decodings[] = {"datagram", "fragment", "not ip", "unknown link", "malformed", "too deep"};
  constexpr const char* protocols[] = {"other", "udp", "tcp", "icmp", "sctp"};
  constexpr const char* tunnels[] = {"", "gre", "erspan", "vxlan", "ip-in-ip", "l2tp", "mpls"};
  std::string text;
  if (decoded != Decoded::datagram) text = decodings[static_cast<int>(decoded)];
  if (decoded > Decoded::fragment) return text;
  if (decoded == Decoded::fragment)
    text += " id " + std::to_string(p.ip_id) + " at " + std::to_string(p.fragment_offset) +
            (p.more_fragments ? " more " : " last ");
  text += std::string(protocols[static_cast<int>(p.protocol)]) + std::to_string(p.ip_protocol) + " " +
          p.source.to_text() + " > " + p.destination.to_text() + " ttl " + std::to_string(p.ttl) + " dscp " +
          std::to_string(p.dscp);
  for (int i = 0; i < p.vlan_count; ++i) text += " vlan " + std::to_string(p.vlans[static_cast<std::size_t>(i)]);
  if (p.tunnel_depth > 0) text += " " + std::to_string(p.tunnel_depth) + " " + tunnels[static_cast<int>(p.tunnel)];
  if (p.cut()) text += " cut of " + std::to_string(p.payload_length);
  return text + " '" + std::string(p.payload.of(frame)) + "'";
}

inline std::string show(LinkType link, base::Bytes frame) {
  Packet packet;
  const Decoded decoded = decode(link, frame, packet);
  return show(decoded, frame, packet);
}

}  // namespace viaduct::capture::test
