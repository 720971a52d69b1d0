// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <functional>

/// Hashes that stand for texts too long to keep. Within one run only.
namespace viaduct::call {

[[nodiscard]] inline std::uint64_t hash_of(base::Bytes text) {
  return std::hash<base::Bytes>{}(text);
}

/// Another value for other pairs, also for pairs the other way round.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t mixed = (a ^ (b + 0x9e3779b97f4a7c15U + (a << 6) + (a >> 2))) * 0xff51afd7ed558ccdU;
  return mixed ^ mixed >> 33;
}

[[nodiscard]] inline std::uint64_t hash_of(const net::Endpoint& endpoint, std::uint16_t point) {
  return mix(net::EndpointHash{}(endpoint), point);
}

}  // namespace viaduct::call
