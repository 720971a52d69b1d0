// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"

#include <compare>
#include <cstdint>
#include <string>

namespace viaduct::simulate {

/// An IPv4 address (host order) and a port, small enough for hundreds of millions of packets.
struct Socket {
  std::uint32_t address = 0;
  std::uint16_t port = 0;

  [[nodiscard]] std::string host() const { return net::Address::ipv4(address).to_text(); }
  [[nodiscard]] std::string text() const { return host() + ":" + std::to_string(port); }
  friend constexpr auto operator<=>(const Socket&, const Socket&) = default;
};

/// a.b.c.d
[[nodiscard]] constexpr std::uint32_t quad(unsigned a, unsigned b, unsigned c, unsigned d) {
  return a << 24 | b << 16 | c << 8 | d;
}

}  // namespace viaduct::simulate
