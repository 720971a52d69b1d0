// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/mask.hpp"

namespace viaduct::net {
namespace {

/// How many bits at the front stay, so that the scope does; all of them for addresses that name nobody.
[[nodiscard]] std::size_t kept_bits(const Address& address) {
  const bool four = address.family == Family::ipv4;
  switch (address.scope()) {
    case Scope::private_use:
      if (!four) return 8;
      return address.octets[0] == 10 ? 8 : address.octets[0] == 172 ? 12 : 16;
    case Scope::shared_cgn:
      return address.octets[0] == 100 ? 10 : 24;
    case Scope::link_local:
      return four ? 16 : 64;
    case Scope::global:
      return four ? 0 : 3;
    case Scope::reserved:  // site-local addresses (RFC 3879) are those of somebody all the same
      if (!four && address.octets[0] == 0xfe) return 10;
      return address.size() * 8;
    default:
      return address.size() * 8;
  }
}

/// Turns each bit or not, by the bits before it: a bijection that keeps common prefixes (Xu, Fan, Ammar, Moon 2002).
[[nodiscard]] Address turned(const Address& address, std::size_t kept, const base::HashKey& key) {
  Address out = address;
  base::KeyedHash prefix(key);
  prefix.add(static_cast<std::uint64_t>(address.family));
  for (std::size_t bit = 0; bit < address.size() * 8; ++bit) {
    const std::uint8_t mask = static_cast<std::uint8_t>(0x80U >> bit % 8);
    if (bit >= kept && (prefix.value() & 1U) != 0) out.octets[bit / 8] ^= mask;
    prefix.add((address.octets[bit / 8] & mask) != 0 ? 1 : 0);
  }
  return out;
}

}  // namespace

Address masked(const Address& address, const base::HashKey& key) {
  const std::size_t kept = kept_bits(address);
  const Scope scope = address.scope();
  // What leaves the scope is turned again until it comes back: that stays one for one, and it does come back, at
  // latest at the address itself, as a bijection runs in circles.
  Address out = turned(address, kept, key);
  while (out.scope() != scope) out = turned(out, kept, key);
  return out;
}

std::optional<std::string> masked_text(base::Bytes text, const base::HashKey& key) {
  const std::optional<Address> address = parse_address(text);
  if (!address) return std::nullopt;
  const std::string out = masked(*address, key).to_text();
  return text.front() == '[' ? "[" + out + "]" : out;
}

}  // namespace viaduct::net
