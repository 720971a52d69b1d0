// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/table_hash.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <cstring>

/// Addresses that somebody else chose, for unordered containers; see base::table_key().
namespace viaduct::net {

/// Adds an endpoint in one word (IPv4) or three.
inline void add_to(base::KeyedHash& hash, const Endpoint& endpoint) {
  const Address& address = endpoint.address;
  const std::uint64_t tail = std::uint64_t{endpoint.port} | static_cast<std::uint64_t>(address.family) << 56U;
  if (address.family == Family::ipv4) {
    hash.add(tail | std::uint64_t{address.ipv4_host_order()} << 16U);
    return;
  }
  std::uint64_t words[2];
  std::memcpy(words, address.octets.data(), sizeof words);
  hash.add(tail).add(words[0]).add(words[1]);
}

/// Of both, with what else tells keys apart.
[[nodiscard]] inline std::uint64_t table_hash(const Endpoint& a, const Endpoint& b, std::uint64_t more = 0) {
  base::KeyedHash hash(base::table_key());
  add_to(hash, a);
  add_to(hash, b);
  if (more != 0) hash.add(more);
  return hash.value();
}

struct TableHash {
  [[nodiscard]] std::size_t operator()(const Endpoint& endpoint) const {
    base::KeyedHash hash(base::table_key());
    add_to(hash, endpoint);
    return hash.value();
  }
};

}  // namespace viaduct::net
