// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/octets.hpp"
#include "base/result.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::faults {

/// IP protocol numbers that the box translates.
enum class Protocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17 };

enum class PacketProblem : std::uint8_t {
  too_short,      ///< fewer octets than a header says
  not_ipv4,       ///< another version
  not_translated  ///< neither UDP, TCP nor ICMP
};

/// A TCP header's flags as they stand on the wire.
struct TcpFlags {
  static constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPush = 8, kAck = 16;
};

/// The packet that an ICMP error is about, as far as it quotes it.
struct Quoted {
  Protocol protocol = Protocol::udp;
  net::Endpoint source;
  net::Endpoint destination;
};

/// One IPv4 packet that the box owns and changes in place. Checksums follow each change by RFC 1624, so that a
/// packet that arrived damaged leaves damaged; a UDP checksum of zero stays zero.
class Packet {
 public:
  static constexpr std::uint32_t kTcpHeader = 20;  ///< octets without options

  /// Copies `octets` (link-layer padding is cut). Fragments are read too: then only the first has ports.
  [[nodiscard]] static base::Result<Packet, PacketProblem> parse(base::Bytes octets);

  [[nodiscard]] base::Bytes octets() const VIADUCT_LIFETIME_BOUND { return octets_; }
  [[nodiscard]] Protocol protocol() const { return protocol_; }
  /// Ports of UDP and TCP; for ICMP echo the identifier stands in both, otherwise 0.
  [[nodiscard]] net::Endpoint source() const;
  [[nodiscard]] net::Endpoint destination() const;
  /// What follows the UDP or TCP header; for ICMP what follows its first 8 octets. UDP ends where its length says:
  /// octets behind it stay in the packet, but are no part of the message.
  [[nodiscard]] base::Bytes payload() const VIADUCT_LIFETIME_BOUND {
    return base::Bytes(octets_).substr(payload_, end_ - payload_);
  }

  [[nodiscard]] std::uint8_t ttl() const { return byte(8); }
  /// Differentiated services code point, 0 to 63 (RFC 2474).
  [[nodiscard]] std::uint8_t dscp() const { return static_cast<std::uint8_t>(byte(1) >> 2); }
  [[nodiscard]] bool dont_fragment() const { return (byte(6) & 0x40) != 0; }
  /// A piece of a larger datagram (RFC 791).
  [[nodiscard]] bool is_fragment() const { return (word(6) & 0x3fff) != 0; }
  [[nodiscard]] bool more_fragments() const { return (byte(6) & 0x20) != 0; }
  /// In octets.
  [[nodiscard]] std::uint32_t fragment_offset() const { return (word(6) & 0x1fffU) * 8U; }
  [[nodiscard]] std::uint16_t identification() const { return word(4); }
  [[nodiscard]] std::uint32_t header_length() const { return (byte(0) & 0x0fU) * 4U; }

  [[nodiscard]] std::uint8_t icmp_type() const { return byte(transport_); }
  [[nodiscard]] std::uint8_t tcp_flags() const { return byte(transport_ + 13); }
  [[nodiscard]] std::uint32_t tcp_sequence() const { return word(transport_ + 4) * 65536U + word(transport_ + 6); }
  [[nodiscard]] std::uint32_t tcp_acknowledgement() const {
    return word(transport_ + 8) * 65536U + word(transport_ + 10);
  }

  /// What stands between the fixed TCP header and the payload.
  [[nodiscard]] base::Bytes tcp_options() const VIADUCT_LIFETIME_BOUND {
    return base::Bytes(octets_).substr(transport_ + kTcpHeader, payload_ - transport_ - kTcpHeader);
  }

  void set_source(const net::Endpoint& endpoint) { set_endpoint(12, 0, endpoint); }
  void set_destination(const net::Endpoint& endpoint) { set_endpoint(16, 2, endpoint); }
  void set_ttl(std::uint8_t ttl) { set_word(8, static_cast<std::uint16_t>(ttl << 8 | byte(9))); }
  void set_dscp(std::uint8_t dscp);
  void set_identification(std::uint16_t identification) { set_word(4, identification); }
  void set_tcp_flags(std::uint8_t flags);
  void set_tcp_sequence(std::uint32_t sequence) { set_tcp_number(4, sequence); }
  void set_tcp_acknowledgement(std::uint32_t number) { set_tcp_number(8, number); }
  /// Others of the same length.
  void set_tcp_options(base::Bytes options);
  /// Whether the checksum of UDP (or its absence) and its length, TCP or ICMP fit the packet; only for what is no
  /// fragment.
  [[nodiscard]] bool checksum_is_right() const;
  /// Another payload for UDP or TCP, with length fields and the checksum computed anew; false if the packet would
  /// exceed 65535 octets.
  [[nodiscard]] bool set_payload(base::Bytes payload);
  /// An ICMP message about another packet, readable or not (RFC 1122 section 3.2.2).
  [[nodiscard]] bool is_icmp_error() const;
  /// What an ICMP error quotes; nullopt for another packet, or if ports are missing.
  [[nodiscard]] std::optional<Quoted> quoted() const;
  /// Another source and destination in the packet that an ICMP error quotes (RFC 5508 section 4.2).
  void set_quoted(const net::Endpoint& source, const net::Endpoint& destination);

 private:
  Packet() = default;
  [[nodiscard]] std::uint8_t byte(std::size_t at) const { return base::octet_at(octets_, at); }
  [[nodiscard]] std::uint16_t word(std::size_t at) const { return base::word_at(octets_, at); }
  void store(std::size_t at, std::uint16_t value);
  /// Changes a word of the IP header, and the header's checksum.
  void set_word(std::size_t at, std::uint16_t value);
  void set_endpoint(std::size_t address_at, std::size_t port_at, const net::Endpoint& endpoint);
  void set_tcp_number(std::size_t at, std::uint32_t value);
  /// Of the transport header, payload and pseudo header.
  [[nodiscard]] std::uint16_t checksum_over_all() const;
  /// Of UDP: neither shorter than its header nor longer than the packet.
  [[nodiscard]] bool udp_length_fits() const;
  /// Lets the checksum of the transport header follow a word that changed.
  void follow(std::uint16_t before, std::uint16_t after);
  [[nodiscard]] bool has_ports() const { return protocol_ != Protocol::icmp && fragment_offset() == 0; }
  [[nodiscard]] bool is_echo() const;
  [[nodiscard]] std::uint16_t port(std::size_t at) const;

  std::string octets_;
  std::uint32_t transport_ = 0;
  std::uint32_t payload_ = 0;
  std::uint32_t end_ = 0;  ///< of the payload
  Protocol protocol_ = Protocol::udp;
};

/// One UDP datagram as an IPv4 packet with TTL 64, for messages that the box itself sends.
[[nodiscard]] std::string make_udp(const net::Endpoint& source, const net::Endpoint& destination, base::Bytes payload);

/// The answer to an ICMP echo request that was sent to the box itself.
[[nodiscard]] std::string make_echo_reply(const Packet& request);

/// An ICMP message of `type` and `code` from `source` that quotes the head of `packet` (RFC 792).
[[nodiscard]] std::string make_icmp_error(const net::Address& source, std::uint8_t type, std::uint8_t code,
                                          std::uint16_t next_hop_mtu, const Packet& packet);

}  // namespace viaduct::faults
