// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "net/datagram.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// IPv4 packets for tests, written octet by octet and apart from the code under test.
namespace viaduct::support {

inline std::string be16(std::size_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string be32(std::uint32_t value) {
  return be16(value >> 16) + be16(value & 0xffff);
}
inline std::uint32_t get16(base::Bytes octets, std::size_t at) {
  return static_cast<std::uint32_t>(static_cast<std::uint8_t>(octets[at]) << 8 |
                                    static_cast<std::uint8_t>(octets[at + 1]));
}
inline std::uint32_t get32(base::Bytes octets, std::size_t at) {
  return get16(octets, at) << 16 | get16(octets, at + 2);
}
inline net::Address ip(base::Bytes text) {
  return net::parse_ipv4(text).value_or(net::Address{});
}
inline net::Endpoint ep(base::Bytes text) {
  return net::parse_endpoint(text).value_or(net::Endpoint{});
}

struct IpFields {
  std::uint8_t dscp = 0;
  std::uint8_t ttl = 64;
  bool dont_fragment = false;
  std::uint16_t identification = 7;
};

/// A header of 20 octets, then `rest`, with the transport checksum at `checksum_at` of the rest computed.
inline std::string ipv4(std::uint8_t protocol, const net::Address& from, const net::Address& to, std::string rest,
                        std::size_t checksum_at, const IpFields& fields = {}) {
  const auto raw = [](const net::Address& a) { return std::string(reinterpret_cast<const char*>(a.octets.data()), 4); };
  const std::string addresses = raw(from) + raw(to);
  std::uint32_t sum = 0;
  if (protocol != 1) sum = net::checksum_add(protocol + static_cast<std::uint32_t>(rest.size()), addresses);
  const std::string checksum = be16(net::fold_checksum(net::checksum_add(sum, rest)));
  rest.replace(checksum_at, 2, protocol == 17 && checksum == be16(0) ? be16(0xffff) : checksum);
  std::string header = std::string{'\x45', static_cast<char>(fields.dscp << 2)} + be16(20 + rest.size()) +
                       be16(fields.identification) + be16(fields.dont_fragment ? 0x4000 : 0) +
                       std::string{static_cast<char>(fields.ttl), static_cast<char>(protocol)} + be16(0) + addresses;
  header.replace(10, 2, be16(net::fold_checksum(net::checksum_add(0, header))));
  return header + rest;
}

inline std::string udp(const net::Endpoint& from, const net::Endpoint& to, base::Bytes payload,
                       const IpFields& fields = {}) {
  return ipv4(17, from.address, to.address,
              be16(from.port) + be16(to.port) + be16(8 + payload.size()) + be16(0) + std::string(payload), 6, fields);
}

/// `flags` as on the wire: 2 SYN, 16 ACK, 24 PSH and ACK. `options`: whole words.
inline std::string tcp(const net::Endpoint& from, const net::Endpoint& to, std::uint32_t sequence,
                       std::uint32_t acknowledgement, std::uint8_t flags, base::Bytes payload,
                       const IpFields& fields = {}, base::Bytes options = {}) {
  return ipv4(6, from.address, to.address,
              be16(from.port) + be16(to.port) + be32(sequence) + be32(acknowledgement) +
                  std::string{static_cast<char>((20 + options.size()) << 2), static_cast<char>(flags)} + be16(65535) +
                  be32(0) + std::string(options) + std::string(payload),
              16, fields);
}

/// `second` is the word pair behind the checksum: identifier and sequence number of an echo.
inline std::string icmp(const net::Address& from, const net::Address& to, std::uint8_t type, std::uint8_t code,
                        std::uint32_t second, base::Bytes payload, const IpFields& fields = {}) {
  return ipv4(
      1, from, to,
      std::string{static_cast<char>(type), static_cast<char>(code)} + be16(0) + be32(second) + std::string(payload), 2,
      fields);
}

/// A TCP option of selective acknowledgement (RFC 2018) behind two NOPs.
inline std::string sack(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& blocks) {
  std::string option{'\1', '\1', '\5', static_cast<char>(2 + 8 * blocks.size())};
  for (const auto& [begin, end] : blocks) option += be32(begin) + be32(end);
  return option;
}

/// Whether the header's checksum is right, and that of the transport unless the packet is a fragment.
inline bool checksums_are_right(base::Bytes packet) {
  if (net::fold_checksum(net::checksum_add(0, packet.substr(0, 20))) != 0) return false;
  if ((get16(packet, 6) & 0x3fff) != 0) return true;
  const auto protocol = static_cast<std::uint8_t>(packet[9]);
  const base::Bytes rest = packet.substr(20);
  if (protocol == 17 && get16(rest, 6) == 0) return true;
  std::uint32_t sum = 0;
  if (protocol != 1) sum = net::checksum_add(protocol + static_cast<std::uint32_t>(rest.size()), packet.substr(12, 8));
  return net::fold_checksum(net::checksum_add(sum, rest)) == 0;
}

}  // namespace viaduct::support
