// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/address.hpp"

#include "base/text.hpp"
#include "net/ipv4_text.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace viaduct::net {
namespace {

struct Special {
  std::uint32_t prefix;
  int length;
  Scope scope;
};

// RFC 6890 and its registry; first match wins.
constexpr Special kSpecial4[] = {
    {0x00000000, 8, Scope::unspecified},  {0x0a000000, 8, Scope::private_use}, {0x64400000, 10, Scope::shared_cgn},
    {0x7f000000, 8, Scope::loopback},     {0xa9fe0000, 16, Scope::link_local}, {0xac100000, 12, Scope::private_use},
    {0xc0000000, 24, Scope::shared_cgn},  // 192.0.0.0/24: DS-Lite and 464XLAT (RFC 6333, RFC 7335)
    {0xc0a80000, 16, Scope::private_use}, {0xe0000000, 4, Scope::multicast},   {0xf0000000, 4, Scope::reserved},
};

Scope scope4(std::uint32_t a) {
  for (const Special& s : kSpecial4)
    if ((a ^ s.prefix) >> (32 - s.length) == 0) return s.scope;
  return Scope::global;
}

Scope scope6(const std::array<std::uint8_t, 16>& o) {
  bool zero_but_last = true;
  for (std::size_t i = 0; i < 15; ++i) zero_but_last = zero_but_last && o[i] == 0;
  if (zero_but_last && o[15] == 0) return Scope::unspecified;
  if (zero_but_last && o[15] == 1) return Scope::loopback;
  if (o[0] == 0xff) return Scope::multicast;
  if (o[0] == 0xfe && (o[1] & 0xc0) == 0x80) return Scope::link_local;
  if ((o[0] & 0xfe) == 0xfc) return Scope::private_use;
  return (o[0] & 0xe0) == 0x20 ? Scope::global : Scope::reserved;
}

std::size_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t h = (a ^ 0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 32) ^ b) * 0xc4ceb9fe1a85ec53;
  return static_cast<std::size_t>(h ^ (h >> 29));
}

}  // namespace

Address Address::ipv4_from(const void* four_octets) {
  // As a whole: sixteen octets of which four were written by themselves cannot be read before these are in the cache.
  std::array<std::uint32_t, 4> words{};
  std::memcpy(words.data(), four_octets, 4);
  return {.octets = std::bit_cast<decltype(octets)>(words), .family = Family::ipv4};
}

Address Address::ipv6_from(const void* sixteen_octets) {
  Address a;
  a.family = Family::ipv6;
  std::memcpy(a.octets.data(), sixteen_octets, 16);
  return a;
}

Scope Address::scope() const {
  switch (family) {
    case Family::ipv4:
      return scope4(ipv4_host_order());
    case Family::ipv6:
      return scope6(octets);
    case Family::none:
      break;
  }
  return Scope::unspecified;
}

std::string Address::to_text() const {
  char text[kMaxAddressText];
  return std::string(write_text(text));
}

base::Bytes Address::write_text(std::span<char, kMaxAddressText> out) const {
  char* at = out.data();
  if (family == Family::ipv6) {
    inet_ntop(AF_INET6, octets.data(), at, kMaxAddressText);
    return at;
  }
  if (family == Family::none) *at++ = '-';
  for (std::size_t i = 0; i < size(); ++i) {
    if (i > 0) *at++ = '.';
    at = std::to_chars(at, at + 3, octets[i]).ptr;
  }
  return {out.data(), at};
}

std::optional<Address> parse_ipv4(base::Bytes text) {
  std::uint32_t value = 0;
  const std::size_t length = read_ipv4(text.data(), text.size(), text.size(), value);
  if (length == 0 || length != text.size()) return std::nullopt;
  return Address::ipv4(value);
}

std::optional<Address> parse_ipv6(base::Bytes text) {
  char copy[INET6_ADDRSTRLEN];
  if (text.size() < 2 || text.size() >= sizeof copy) return std::nullopt;
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = 0;
  if (std::memchr(copy, 0, text.size()) != nullptr) return std::nullopt;
  std::uint8_t octets[16];
  if (inet_pton(AF_INET6, copy, octets) != 1) return std::nullopt;
  return Address::ipv6_from(octets);
}

std::optional<Address> parse_address(base::Bytes text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') return parse_ipv6(text.substr(1, text.size() - 2));
  if (std::optional<Address> four = parse_ipv4(text)) return four;
  return parse_ipv6(text);
}

std::string Endpoint::to_text() const {
  const std::string host = address.family == Family::ipv6 ? "[" + address.to_text() + "]" : address.to_text();
  return host + ":" + std::to_string(port);
}

std::optional<Endpoint> parse_endpoint(base::Bytes text) {
  const std::size_t colon = text.rfind(':');
  if (colon == base::Bytes::npos) return std::nullopt;
  const base::Bytes host = text.substr(0, colon);
  const bool bare_ipv6 = host.find(':') != base::Bytes::npos && !host.starts_with('[');
  const std::optional<Address> address = parse_address(host);
  const std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(text.substr(colon + 1));
  if (!address || !port || bare_ipv6) return std::nullopt;
  return Endpoint{*address, *port};
}

bool Prefix::contains(const Address& a) const {
  if (a.family != address.family || !a.present()) return false;
  const std::size_t whole = length / 8;
  if (std::memcmp(a.octets.data(), address.octets.data(), whole) != 0) return false;
  const unsigned rest = length % 8;
  return rest == 0 || (a.octets[whole] ^ address.octets[whole]) >> (8 - rest) == 0;
}

std::string Prefix::to_text() const {
  return address.to_text() + "/" + std::to_string(length);
}

std::optional<Prefix> parse_prefix(base::Bytes text) {
  const std::size_t slash = text.find('/');
  const std::optional<Address> address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const std::uint8_t most = static_cast<std::uint8_t>(address->size() * 8);
  if (slash == base::Bytes::npos) return Prefix{*address, most};
  const std::optional<std::uint8_t> length = base::parse_decimal<std::uint8_t>(text.substr(slash + 1));
  if (!length || *length > most) return std::nullopt;
  return Prefix{*address, *length};
}

std::size_t AddressHash::operator()(const Address& a) const {
  std::uint64_t words[2];
  std::memcpy(words, a.octets.data(), sizeof words);
  return mix(words[0], words[1]);
}

std::size_t EndpointHash::operator()(const Endpoint& e) const {
  return mix(AddressHash{}(e.address), e.port);
}

}  // namespace viaduct::net
