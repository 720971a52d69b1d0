// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/octets.hpp"
#include "net/datagram.hpp"
#include "os/synthetic.hpp"

#include <array>
#include <cstdio>

namespace viaduct::os {
namespace {

using base::append_word;

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

void put32(std::string& out, std::uint32_t value) {
  append_word(out, value >> 16);
  append_word(out, value & 0xffff);
}

void put_address(std::string& out, const net::Address& address) {
  out.append(reinterpret_cast<const char*>(address.octets.data()), address.size());
}

///  0      4        6              (UDP, RFC 768)
///  ports  length   checksum | token, "viaduct probe\r\n"
std::string udp_segment(const FiveTuple& tuple, Token token) {
  constexpr std::string_view kText = " viaduct synthetic probe, dropped on the box that made it\r\n";
  std::string out;
  append_word(out, tuple.source.port);
  append_word(out, tuple.destination.port);
  append_word(out, static_cast<std::uint32_t>(8 + sizeof token + kText.size()));
  append_word(out, 0);
  put32(out, static_cast<std::uint32_t>(token >> 32));
  put32(out, static_cast<std::uint32_t>(token));
  out += kText;
  return out;
}

///  0      4         8               12      14      16        18      (TCP, RFC 9293 3.1)
///  ports  sequence  acknowledgement flags   window  checksum  urgent
std::string tcp_segment(const FiveTuple& tuple, Token token) {
  std::string out;
  append_word(out, tuple.source.port);
  append_word(out, tuple.destination.port);
  put32(out, static_cast<std::uint32_t>(token >> 32));
  put32(out, static_cast<std::uint32_t>(token));
  append_word(out, 0x5002);  // five words, SYN
  append_word(out, 65535);
  append_word(out, 0);
  append_word(out, 0);
  return out;
}

void set_transport_checksum(std::string& segment, const FiveTuple& tuple) {
  std::string pseudo;
  put_address(pseudo, tuple.source.address);
  put_address(pseudo, tuple.destination.address);
  put32(pseudo, static_cast<std::uint32_t>(segment.size()));
  put32(pseudo, tuple.protocol);
  std::uint16_t sum = net::fold_checksum(net::checksum_add(net::checksum_add(0, pseudo), segment));
  if (sum == 0 && tuple.protocol == kUdp) sum = 0xffff;
  base::store_word(segment.data() + (tuple.protocol == kUdp ? 6 : 16), sum);
}

std::string ipv4_header(const FiveTuple& tuple, std::size_t payload) {
  std::string out;
  append_word(out, 0x4500);
  append_word(out, static_cast<std::uint32_t>(20 + payload));
  put32(out, 0x00004000);  // do not fragment
  append_word(out, 64U << 8 | tuple.protocol);
  append_word(out, 0);
  put_address(out, tuple.source.address);
  put_address(out, tuple.destination.address);
  base::store_word(out.data() + 10, net::fold_checksum(net::checksum_add(0, out)));
  return out;
}

std::string ipv6_header(const FiveTuple& tuple, std::size_t payload) {
  std::string out;
  put32(out, 0x60000000);
  append_word(out, static_cast<std::uint32_t>(payload));
  append_word(out, static_cast<std::uint32_t>(tuple.protocol) << 8 | 64U);
  put_address(out, tuple.source.address);
  put_address(out, tuple.destination.address);
  return out;
}

}  // namespace

std::string synthetic_packet(const FiveTuple& tuple, Token token) {
  std::string segment = tuple.protocol == kTcp ? tcp_segment(tuple, token) : udp_segment(tuple, token);
  set_transport_checksum(segment, tuple);
  bool ipv4 = tuple.source.address.family == net::Family::ipv4;
  return (ipv4 ? ipv4_header(tuple, segment.size()) : ipv6_header(tuple, segment.size())) + segment;
}

std::string token_match(std::uint8_t protocol, Token token) {
  std::array<char, 64> text{};
  // UDP: behind the header; TCP: sequence and acknowledgement number.
  std::snprintf(text.data(), text.size(), "meta l4proto %s @th,%d,64 0x%016llx", protocol == kTcp ? "tcp" : "udp",
                protocol == kTcp ? 32 : 64, static_cast<unsigned long long>(token));
  return text.data();
}

net::Address benchmark_address(net::Family family, std::uint32_t seed, std::uint32_t host) {
  std::uint32_t low = (seed & 0x7fff) << 2 | (host & 3);
  if (family == net::Family::ipv4) return net::Address::ipv4(0xc6120000U | low);
  // 2001:2:0:SEED::HOST
  std::array<std::uint8_t, 16> octets = {0x20, 0x01, 0x00, 0x02};
  octets[6] = static_cast<std::uint8_t>(seed >> 8 & 0x7f);
  octets[7] = static_cast<std::uint8_t>(seed & 0xff);
  octets[15] = static_cast<std::uint8_t>(host & 3);
  return net::Address::ipv6_from(octets.data());
}

net::Address neighbour_of(const InterfaceAddress& own) {
  net::Address other = own.address;
  std::size_t last = own.address.family == net::Family::ipv4 ? 3 : 15;
  bool pair = own.prefix_length + 1U >= (last + 1) * 8;
  other.octets[last] = static_cast<std::uint8_t>(other.octets[last] ^ (pair ? 1U : 2U));
  return other;
}

bool is_routed(const InterfaceAddress& own) {
  net::Scope scope = own.address.scope();
  return own.usable && scope != net::Scope::link_local && scope != net::Scope::loopback;
}

}  // namespace viaduct::os
