// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/datagram.hpp"

#include "base/octets.hpp"

#include <cstring>

namespace viaduct::net {
namespace {

constexpr std::uint8_t kUdp = 17;
constexpr std::size_t kUdpHeader = 8;

base::Result<Datagram, PacketProblem> parse_udp(base::Bytes packet, std::size_t offset, Address source,
                                                Address destination) {
  if (packet.size() < offset + kUdpHeader) return base::fail(PacketProblem::too_short, packet.size());
  const std::size_t length = base::word_at(packet, offset + 4);
  if (length < kUdpHeader || offset + length > packet.size()) return base::fail(PacketProblem::too_short, offset + 4);
  Datagram d;
  d.packet = packet;
  d.source = {source, base::word_at(packet, offset)};
  d.destination = {destination, base::word_at(packet, offset + 2)};
  d.udp_offset = static_cast<std::uint32_t>(offset);
  d.payload = base::between(offset + kUdpHeader, offset + length);
  return d;
}

base::Result<Datagram, PacketProblem> parse4(base::Bytes packet) {
  if (packet.size() < 20) return base::fail(PacketProblem::too_short, packet.size());
  const std::size_t header = static_cast<std::size_t>(packet[0] & 0x0f) * 4;
  const std::size_t total = base::word_at(packet, 2);
  if (header < 20 || total < header || packet.size() < total) return base::fail(PacketProblem::too_short, 2);
  if ((base::word_at(packet, 6) & 0x3fff) != 0) return base::fail(PacketProblem::fragment, 6);
  if (static_cast<std::uint8_t>(packet[9]) != kUdp) return base::fail(PacketProblem::not_udp, 9);
  return parse_udp(packet.substr(0, total), header, Address::ipv4_from(packet.data() + 12),
                   Address::ipv4_from(packet.data() + 16));
}

base::Result<Datagram, PacketProblem> parse6(base::Bytes packet) {
  if (packet.size() < 40) return base::fail(PacketProblem::too_short, packet.size());
  const std::size_t total = 40U + base::word_at(packet, 4);
  if (packet.size() < total) return base::fail(PacketProblem::too_short, 4);
  if (static_cast<std::uint8_t>(packet[6]) != kUdp) return base::fail(PacketProblem::not_udp, 6);
  return parse_udp(packet.substr(0, total), 40, Address::ipv6_from(packet.data() + 8),
                   Address::ipv6_from(packet.data() + 24));
}

std::uint16_t udp_checksum(base::Bytes packet, std::size_t udp_offset, bool ipv4) {
  const base::Bytes addresses = ipv4 ? packet.substr(12, 8) : packet.substr(8, 32);
  const base::Bytes udp = packet.substr(udp_offset);
  std::uint32_t sum = checksum_add(0, addresses);
  sum += kUdp + static_cast<std::uint32_t>(udp.size());
  const std::uint16_t folded = fold_checksum(checksum_add(sum, udp));
  return folded == 0 ? 0xffff : folded;  // RFC 768: zero means "none"
}

}  // namespace

base::Result<Datagram, PacketProblem> parse_datagram(base::Bytes packet) {
  if (packet.empty()) return base::fail(PacketProblem::too_short, 0);
  const int version = static_cast<unsigned char>(packet[0]) >> 4;
  if (version == 4) return parse4(packet);
  if (version == 6) return parse6(packet);
  return base::fail(PacketProblem::not_ip, 0);
}

base::Result<std::size_t, PacketProblem> rebuild(const Datagram& datagram, base::Bytes payload, std::span<char> out) {
  const bool ipv4 = datagram.source.address.family == Family::ipv4;
  const std::size_t head = datagram.udp_offset + kUdpHeader;
  const std::size_t total = head + payload.size();
  if (total > 65535 || total > out.size()) return base::fail(PacketProblem::does_not_fit, 0);
  const bool had_checksum = !ipv4 || base::word_at(datagram.packet, datagram.udp_offset + 6) != 0;
  std::memcpy(out.data(), datagram.packet.data(), head);
  std::memcpy(out.data() + head, payload.data(), payload.size());
  char* udp = out.data() + datagram.udp_offset;
  base::store_word(udp + 4, kUdpHeader + payload.size());
  base::store_word(udp + 6, 0);
  const base::Bytes packet(out.data(), total);
  if (ipv4) {
    base::store_word(out.data() + 2, total);
    base::store_word(out.data() + 10, 0);
    base::store_word(out.data() + 10, fold_checksum(checksum_add(0, packet.substr(0, datagram.udp_offset))));
  } else {
    base::store_word(out.data() + 4, total - 40);
  }
  if (had_checksum) base::store_word(udp + 6, udp_checksum(packet, datagram.udp_offset, ipv4));
  return total;
}

std::uint32_t checksum_add(std::uint32_t sum, base::Bytes data) {
  std::uint64_t wide = sum;
  std::size_t at = 0;
  for (; at + 4 <= data.size(); at += 4) {
    std::uint32_t word;
    std::memcpy(&word, data.data() + at, 4);
    wide += __builtin_bswap32(word);
  }
  for (; at + 2 <= data.size(); at += 2) wide += base::word_at(data, at);
  if (at < data.size()) wide += static_cast<std::uint64_t>(static_cast<unsigned char>(data[at])) << 8;
  while (wide >> 32 != 0) wide = (wide & 0xffffffff) + (wide >> 32);
  wide = (wide & 0xffff) + (wide >> 16);
  return static_cast<std::uint32_t>(wide);
}

std::uint16_t fold_checksum(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace viaduct::net
