// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/raw_packet.hpp"

#include "base/octets.hpp"
#include "net/datagram.hpp"

#include <algorithm>

namespace viaduct::app::analyze {
namespace {

using base::append_word;

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kFragmentHeader = 44;

void append_long(std::string& out, std::uint32_t value) {
  append_word(out, value >> 16U);
  append_word(out, value & 0xffffU);
}

[[nodiscard]] base::Bytes octets_of(const net::Address& address) {
  return {reinterpret_cast<const char*>(address.octets.data()), address.size()};
}

/// Where a fragment stands in its datagram.
struct Place {
  std::size_t offset = 0;
  bool more = false;
  bool whole = true;  ///< no fragment
};

/// IPv4 (RFC 791 3.1), `length` octets behind the header.
[[nodiscard]] std::string header4(const Wrapping& wrapping, std::uint8_t protocol, std::size_t length,
                                  std::uint16_t identification, const Place& place) {
  constexpr std::size_t kHeader = 20;
  std::string out;
  append_word(out, 0x4500U | static_cast<unsigned>(wrapping.dscp) << 2U);
  append_word(out, kHeader + length);
  append_word(out, identification);
  append_word(out, place.whole ? 0x4000U : (place.more ? 0x2000U : 0U) | place.offset / 8);
  append_word(out, static_cast<unsigned>(wrapping.ttl) << 8U | protocol);
  append_word(out, 0);
  out += octets_of(wrapping.source.address);
  out += octets_of(wrapping.destination.address);
  base::store_word(out.data() + 10, net::fold_checksum(net::checksum_add(0, out)));
  return out;
}

/// IPv6 (RFC 8200 3), for a fragment with its header (4.5).
[[nodiscard]] std::string header6(const Wrapping& wrapping, std::uint8_t protocol, std::size_t length,
                                  std::uint16_t identification, const Place& place) {
  std::string out;
  append_long(out, 0x60000000U | static_cast<std::uint32_t>(wrapping.dscp) << 22U);
  append_word(out, length + (place.whole ? 0 : 8));
  append_word(out, static_cast<unsigned>(place.whole ? protocol : kFragmentHeader) << 8U | wrapping.ttl);
  out += octets_of(wrapping.source.address);
  out += octets_of(wrapping.destination.address);
  if (place.whole) return out;
  append_word(out, static_cast<unsigned>(protocol) << 8U);
  append_word(out, place.offset | (place.more ? 1U : 0U));
  append_long(out, identification);
  return out;
}

[[nodiscard]] std::string header(const Wrapping& wrapping, std::uint8_t protocol, std::size_t length,
                                 std::uint16_t identification, const Place& place) {
  const auto make = wrapping.source.address.family == net::Family::ipv4 ? header4 : header6;
  return make(wrapping, protocol, length, identification, place);
}

/// Over pseudo header and segment (RFC 768, RFC 8200 8.1).
void seal(std::string& segment, std::size_t at, const Wrapping& wrapping, std::uint8_t protocol) {
  std::string pseudo;
  pseudo += octets_of(wrapping.source.address);
  pseudo += octets_of(wrapping.destination.address);
  append_long(pseudo, static_cast<std::uint32_t>(segment.size()));
  append_long(pseudo, protocol);
  const std::uint16_t sum = net::fold_checksum(net::checksum_add(net::checksum_add(0, pseudo), segment));
  base::store_word(segment.data() + at, protocol == kUdp && sum == 0 ? 0xffffU : sum);
}

}  // namespace

std::vector<std::string> udp_packets(const Wrapping& wrapping, base::Bytes payload, std::size_t pieces,
                                     std::uint16_t identification, std::uint32_t missing) {
  constexpr std::size_t kHeader = 8;
  payload = payload.substr(0, kMostPayload);
  const std::size_t length = std::min(kHeader + payload.size() + missing, kHeader + kMostPayload);
  std::string datagram;
  append_word(datagram, wrapping.source.port);
  append_word(datagram, wrapping.destination.port);
  append_word(datagram, length);
  append_word(datagram, 0);
  datagram += payload;
  seal(datagram, 6, wrapping, kUdp);
  if (pieces <= 1 || missing > 0) return {header(wrapping, kUdp, length, identification, {}) + datagram};
  const std::size_t share = (datagram.size() + pieces - 1) / pieces;
  const std::size_t step = std::max<std::size_t>((share + 7) / 8 * 8, 8);
  std::vector<std::string> packets;
  for (std::size_t at = 0; at < datagram.size(); at += step) {
    const bool more = datagram.size() - at > step;
    const base::Bytes piece = base::Bytes(datagram).substr(at, step);
    packets.push_back(header(wrapping, kUdp, piece.size(), identification, {at, more, false}).append(piece));
  }
  return packets;
}

std::string tcp_packet(const Wrapping& wrapping, base::Bytes payload, std::uint32_t sequence,
                       std::uint32_t acknowledgement, std::uint16_t identification) {
  constexpr std::uint32_t kHeaderAndFlags = 0x5018;  // five words, PSH and ACK
  std::string segment;
  append_word(segment, wrapping.source.port);
  append_word(segment, wrapping.destination.port);
  append_long(segment, sequence);
  append_long(segment, acknowledgement);
  append_word(segment, kHeaderAndFlags);
  append_word(segment, 0xffff);
  append_long(segment, 0);
  segment += payload;
  seal(segment, 16, wrapping, kTcp);
  return header(wrapping, kTcp, segment.size(), identification, {}) + segment;
}

}  // namespace viaduct::app::analyze
