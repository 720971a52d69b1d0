// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/packet.hpp"

#include "base/check.hpp"
#include "net/datagram.hpp"

#include <algorithm>
#include <cstring>

namespace viaduct::faults {
namespace {

using base::store_word;
using base::word_at;

constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kIcmpHeader = 8;
constexpr std::uint8_t kEchoReply = 0;
constexpr std::uint8_t kEcho = 8;

/// RFC 1624 equation 3: the checksum after one word of what it covers became another.
std::uint16_t updated(std::uint16_t checksum, std::uint16_t before, std::uint16_t after) {
  std::uint32_t sum =
      static_cast<std::uint16_t>(~checksum) + static_cast<std::uint32_t>(static_cast<std::uint16_t>(~before)) + after;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

/// Size of the transport header at `at`, nullopt if it is not all there.
std::optional<std::size_t> transport_header(base::Bytes octets, std::size_t at, Protocol protocol) {
  std::size_t size = protocol == Protocol::udp ? kUdpHeader : kIcmpHeader;
  if (protocol == Protocol::tcp) {
    if (octets.size() < at + Packet::kTcpHeader) return std::nullopt;
    size = static_cast<std::size_t>(static_cast<std::uint8_t>(octets[at + 12]) >> 4) * 4;
    if (size < Packet::kTcpHeader) return std::nullopt;
  }
  if (octets.size() < at + size) return std::nullopt;
  return size;
}

/// Header of a packet that the box makes itself: no options, TTL 64, may be fragmented.
std::string ip_header(const net::Address& source, const net::Address& destination, Protocol protocol,
                      std::size_t total) {
  std::string octets(total, '\0');
  octets[0] = 0x45;
  store_word(octets.data() + 2, total);
  octets[8] = 64;
  octets[9] = static_cast<char>(protocol);
  std::memcpy(octets.data() + 12, source.octets.data(), 4);
  std::memcpy(octets.data() + 16, destination.octets.data(), 4);
  store_word(octets.data() + 10, net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(0, kIpHeader))));
  return octets;
}

}  // namespace

base::Result<Packet, PacketProblem> Packet::parse(base::Bytes octets) {
  if (octets.size() < kIpHeader) return base::fail(PacketProblem::too_short, octets.size());
  if (static_cast<std::uint8_t>(octets[0]) >> 4 != 4) return base::fail(PacketProblem::not_ipv4, 0);
  const std::size_t header = static_cast<std::size_t>(octets[0] & 0x0f) * 4;
  const std::size_t total = word_at(octets, 2);
  if (header < kIpHeader || total < header || octets.size() < total) return base::fail(PacketProblem::too_short, 2);
  const auto protocol = static_cast<Protocol>(octets[9]);
  if (protocol != Protocol::udp && protocol != Protocol::tcp && protocol != Protocol::icmp)
    return base::fail(PacketProblem::not_translated, 9);
  std::size_t payload = header;
  if ((word_at(octets, 6) & 0x1fff) == 0) {
    const std::optional<std::size_t> size = transport_header(octets.substr(0, total), header, protocol);
    if (!size) return base::fail(PacketProblem::too_short, header);
    payload += *size;
  }
  Packet packet;
  packet.octets_.assign(octets.data(), total);
  packet.transport_ = static_cast<std::uint32_t>(header);
  packet.payload_ = static_cast<std::uint32_t>(payload);
  packet.protocol_ = protocol;
  packet.end_ = static_cast<std::uint32_t>(total);
  if (protocol == Protocol::udp && !packet.is_fragment() && packet.udp_length_fits())
    packet.end_ = packet.transport_ + packet.word(packet.transport_ + 4);
  return packet;
}

bool Packet::is_echo() const {
  if (protocol_ != Protocol::icmp || fragment_offset() != 0) return false;
  return icmp_type() == kEcho || icmp_type() == kEchoReply;
}

std::uint16_t Packet::port(std::size_t at) const {
  if (has_ports()) return word(transport_ + at);
  return is_echo() ? word(transport_ + 4) : 0;
}

net::Endpoint Packet::source() const {
  return {net::Address::ipv4_from(octets_.data() + 12), port(0)};
}

net::Endpoint Packet::destination() const {
  return {net::Address::ipv4_from(octets_.data() + 16), port(2)};
}

void Packet::store(std::size_t at, std::uint16_t value) {
  store_word(octets_.data() + at, value);
}

void Packet::set_word(std::size_t at, std::uint16_t value) {
  store(10, updated(word(10), word(at), value));
  store(at, value);
}

void Packet::follow(std::uint16_t before, std::uint16_t after) {
  if (fragment_offset() != 0) return;
  const std::size_t at = transport_ + (protocol_ == Protocol::udp ? 6U : protocol_ == Protocol::tcp ? 16U : 2U);
  const std::uint16_t checksum = word(at);
  if (protocol_ == Protocol::udp && checksum == 0) return;
  const std::uint16_t now = updated(checksum, before, after);
  store(at, protocol_ == Protocol::udp && now == 0 ? 0xffff : now);
}

void Packet::set_endpoint(std::size_t address_at, std::size_t port_at, const net::Endpoint& endpoint) {
  for (std::size_t i = 0; i < 4; i += 2) {
    const std::uint16_t before = word(address_at + i);
    const auto after = static_cast<std::uint16_t>(endpoint.address.octets[i] << 8 | endpoint.address.octets[i + 1]);
    set_word(address_at + i, after);
    // ICMP has no pseudo header.
    if (protocol_ != Protocol::icmp) follow(before, after);
  }
  if (!has_ports() && !is_echo()) return;
  const std::size_t at = transport_ + (is_echo() ? 4 : port_at);
  follow(word(at), endpoint.port);
  store(at, endpoint.port);
}

void Packet::set_dscp(std::uint8_t dscp) {
  const auto traffic = static_cast<std::uint16_t>(dscp << 2 | (byte(1) & 3));
  set_word(0, static_cast<std::uint16_t>(byte(0) << 8 | traffic));
}

void Packet::set_tcp_flags(std::uint8_t flags) {
  const std::size_t at = transport_ + 12;
  const auto value = static_cast<std::uint16_t>(byte(at) << 8 | flags);
  follow(word(at), value);
  store(at, value);
}

void Packet::set_tcp_number(std::size_t at, std::uint32_t value) {
  const std::size_t place = transport_ + at;
  const auto high = static_cast<std::uint16_t>(value >> 16);
  const auto low = static_cast<std::uint16_t>(value);
  follow(word(place), high);
  store(place, high);
  follow(word(place + 2), low);
  store(place + 2, low);
}

void Packet::set_tcp_options(base::Bytes options) {
  VIADUCT_CHECK(options.size() == tcp_options().size());
  for (std::size_t at = 0; at < options.size(); at += 2) {
    const std::size_t place = transport_ + kTcpHeader + at;
    follow(word(place), word_at(options, at));
    store(place, word_at(options, at));
  }
}

bool Packet::udp_length_fits() const {
  const std::size_t length = word(transport_ + 4);
  return length >= kUdpHeader && transport_ + length <= octets_.size();
}

std::uint16_t Packet::checksum_over_all() const {
  const base::Bytes covered = base::Bytes(octets_).substr(transport_, end_ - transport_);
  std::uint32_t sum = 0;
  if (protocol_ != Protocol::icmp)
    sum = net::checksum_add(static_cast<std::uint32_t>(protocol_) + static_cast<std::uint32_t>(covered.size()),
                            base::Bytes(octets_).substr(12, 8));
  return net::fold_checksum(net::checksum_add(sum, covered));
}

bool Packet::checksum_is_right() const {
  if (protocol_ == Protocol::udp && !udp_length_fits()) return false;
  if (protocol_ == Protocol::udp && word(transport_ + 6) == 0) return true;
  return checksum_over_all() == 0;
}

bool Packet::set_payload(base::Bytes payload) {
  if (octets_.size() - (end_ - payload_) + payload.size() > 65535) return false;
  octets_.replace(payload_, end_ - payload_, payload);
  end_ = payload_ + static_cast<std::uint32_t>(payload.size());
  set_word(2, static_cast<std::uint16_t>(octets_.size()));
  const std::size_t length = end_ - transport_;
  const std::size_t at = transport_ + (protocol_ == Protocol::udp ? 6U : 16U);
  const bool without = protocol_ == Protocol::udp && word(at) == 0;
  if (protocol_ == Protocol::udp) store(transport_ + 4, static_cast<std::uint16_t>(length));
  store(at, 0);
  if (without) return true;
  const std::uint16_t checksum = checksum_over_all();
  store(at, protocol_ == Protocol::udp && checksum == 0 ? 0xffff : checksum);
  return true;
}

bool Packet::is_icmp_error() const {
  if (protocol_ != Protocol::icmp || fragment_offset() != 0) return false;
  const std::uint8_t type = icmp_type();
  return (type >= 3 && type <= 5) || type == 11 || type == 12;
}

std::optional<Quoted> Packet::quoted() const {
  if (protocol_ != Protocol::icmp || fragment_offset() != 0) return std::nullopt;
  const std::uint8_t type = icmp_type();
  if (type != 3 && type != 4 && type != 11 && type != 12) return std::nullopt;
  const base::Bytes inner = payload();
  if (inner.size() < kIpHeader || static_cast<std::uint8_t>(inner[0]) >> 4 != 4) return std::nullopt;
  const std::size_t header = static_cast<std::size_t>(inner[0] & 0x0f) * 4;
  if (header < kIpHeader || inner.size() < header + 8) return std::nullopt;
  Quoted quoted;
  quoted.protocol = static_cast<Protocol>(inner[9]);
  const bool echo = quoted.protocol == Protocol::icmp;
  quoted.source = {net::Address::ipv4_from(inner.data() + 12), word_at(inner, header + (echo ? 4 : 0))};
  quoted.destination = {net::Address::ipv4_from(inner.data() + 16), word_at(inner, header + (echo ? 4 : 2))};
  return quoted;
}

void Packet::set_quoted(const net::Endpoint& source, const net::Endpoint& destination) {
  const auto change = [this](std::size_t at, std::uint16_t value) {
    follow(word(at), value);
    store(at, value);
  };
  const std::size_t transport = payload_ + (byte(payload_) & 0x0fU) * 4U;
  const auto protocol = static_cast<Protocol>(byte(payload_ + 9));
  const std::size_t checksum = transport + (protocol == Protocol::udp ? 6U : protocol == Protocol::tcp ? 16U : 2U);
  const bool has_checksum = checksum + 2 <= octets_.size() && (protocol != Protocol::udp || word(checksum) != 0);
  // The quoted checksum is that of the packet as its sender knows it.
  const auto change_summed = [&](std::size_t at, std::uint16_t value, bool in_transport) {
    if (in_transport && has_checksum) change(checksum, updated(word(checksum), word(at), value));
    change(at, value);
  };
  const auto address = [&](std::size_t at, const net::Address& to) {
    for (std::size_t i = 0; i < 4; i += 2) {
      const auto value = static_cast<std::uint16_t>(to.octets[i] << 8 | to.octets[i + 1]);
      change(payload_ + 10, updated(word(payload_ + 10), word(payload_ + at + i), value));
      change_summed(payload_ + at + i, value, protocol != Protocol::icmp);
    }
  };
  address(12, source.address);
  address(16, destination.address);
  if (protocol == Protocol::icmp) return change_summed(transport + 4, source.port, true);
  change_summed(transport, source.port, true);
  change_summed(transport + 2, destination.port, true);
}

std::string make_udp(const net::Endpoint& source, const net::Endpoint& destination, base::Bytes payload) {
  std::string octets = ip_header(source.address, destination.address, Protocol::udp, kIpHeader + kUdpHeader);
  store_word(octets.data() + kIpHeader, source.port);
  store_word(octets.data() + kIpHeader + 2, destination.port);
  store_word(octets.data() + kIpHeader + 4, kUdpHeader);
  store_word(octets.data() + kIpHeader + 6, 1);  // any but zero: set_payload() computes it
  base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
  if (!packet || !packet->set_payload(payload)) return {};
  return std::string(packet->octets());
}

std::string make_echo_reply(const Packet& request) {
  std::string octets(request.octets());
  const std::size_t header = request.header_length();
  const std::string source = octets.substr(12, 4);
  octets.replace(12, 4, octets, 16, 4).replace(16, 4, source);
  octets[8] = 64;
  store_word(octets.data() + 10, 0);
  store_word(octets.data() + 10, net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(0, header))));
  octets[header] = static_cast<char>(kEchoReply);
  store_word(octets.data() + header + 2, 0);
  store_word(octets.data() + header + 2, net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(header))));
  return octets;
}

std::string make_icmp_error(const net::Address& source, std::uint8_t type, std::uint8_t code,
                            std::uint16_t next_hop_mtu, const Packet& packet) {
  const base::Bytes quoted = packet.octets().substr(0, std::min<std::size_t>(packet.octets().size(), 548));
  std::string octets =
      ip_header(source, packet.source().address, Protocol::icmp, kIpHeader + kIcmpHeader + quoted.size());
  octets[kIpHeader] = static_cast<char>(type);
  octets[kIpHeader + 1] = static_cast<char>(code);
  store_word(octets.data() + kIpHeader + 6, next_hop_mtu);
  std::memcpy(octets.data() + kIpHeader + kIcmpHeader, quoted.data(), quoted.size());
  store_word(octets.data() + kIpHeader + 2,
             net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(kIpHeader))));
  return octets;
}

}  // namespace viaduct::faults
