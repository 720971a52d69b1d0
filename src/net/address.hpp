// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace viaduct::net {

enum class Family : std::uint8_t { none, ipv4, ipv6 };

/// What an address can be used for, seen from the public Internet (IANA special-purpose registries).
/// Documentation prefixes count as global: nobody routes them, and labs use them as public ones.
enum class Scope : std::uint8_t {
  unspecified,
  loopback,
  link_local,
  private_use,
  shared_cgn,
  multicast,
  reserved,
  global
};

/// Room for the longest text of an address, an IPv6 one with a dotted quad at its end.
inline constexpr std::size_t kMaxAddressText = 46;

/// An IPv4 or IPv6 address in network order; IPv4 fills the first four octets. Value type, 17 octets.
struct Address {
  std::array<std::uint8_t, 16> octets{};
  Family family = Family::none;

  [[nodiscard]] static constexpr Address ipv4(std::uint32_t host_order) {
    Address a;
    a.family = Family::ipv4;
    for (std::size_t i = 0; i < 4; ++i) a.octets[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return a;
  }
  [[nodiscard]] static Address ipv4_from(const void* four_octets);
  [[nodiscard]] static Address ipv6_from(const void* sixteen_octets);

  [[nodiscard]] constexpr bool present() const { return family != Family::none; }
  [[nodiscard]] constexpr std::size_t size() const {
    return family == Family::ipv4 ? 4 : family == Family::ipv6 ? 16 : 0;
  }
  /// IPv4 as a host-order integer; only for Family::ipv4.
  [[nodiscard]] constexpr std::uint32_t ipv4_host_order() const {
    return static_cast<std::uint32_t>(octets[0]) << 24 | static_cast<std::uint32_t>(octets[1]) << 16 |
           static_cast<std::uint32_t>(octets[2]) << 8 | octets[3];
  }
  [[nodiscard]] Scope scope() const;
  [[nodiscard]] bool is_global() const { return scope() == Scope::global; }
  /// Dotted quad, or RFC 5952 text without brackets.
  [[nodiscard]] std::string to_text() const;
  /// The same without allocation: writes into `out` and returns the part of it that was written; "-" if not present.
  [[nodiscard]] base::Bytes write_text(std::span<char, kMaxAddressText> out) const;

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
  /// In two steps instead of a call of memcmp: a capture looks up addresses for each packet.
  friend constexpr bool operator==(const Address& a, const Address& b) {
    using Halves = std::array<std::uint64_t, 2>;
    return a.family == b.family && std::bit_cast<Halves>(a.octets) == std::bit_cast<Halves>(b.octets);
  }
};

/// Dotted quad without leading zeros that would read as octal ("010" is refused), no allocation.
[[nodiscard]] std::optional<Address> parse_ipv4(base::Bytes text);
/// RFC 4291 text without brackets and without zone.
[[nodiscard]] std::optional<Address> parse_ipv6(base::Bytes text);
/// Either of the two; brackets around IPv6 are accepted.
[[nodiscard]] std::optional<Address> parse_address(base::Bytes text);

/// Address and port. Port 0 means "not given".
struct Endpoint {
  Address address;
  std::uint16_t port = 0;

  [[nodiscard]] std::string to_text() const;
  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// 192.0.2.1:5060 or [2001:db8::1]:5060; the port is required.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(base::Bytes text);

/// CIDR prefix, e.g. 10.0.0.0/8. A bare address is a /32 or /128.
struct Prefix {
  Address address;
  std::uint8_t length = 0;

  [[nodiscard]] bool contains(const Address& a) const;
  [[nodiscard]] std::string to_text() const;
  friend constexpr auto operator<=>(const Prefix&, const Prefix&) = default;
};
[[nodiscard]] std::optional<Prefix> parse_prefix(base::Bytes text);

/// Hash for unordered containers: a multiply-xor mix over the two words of the address.
struct AddressHash {
  [[nodiscard]] std::size_t operator()(const Address& a) const;
};
struct EndpointHash {
  [[nodiscard]] std::size_t operator()(const Endpoint& e) const;
};

}  // namespace viaduct::net
