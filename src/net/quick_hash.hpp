// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace viaduct::net {

constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;

/// Of both ends of a packet, without a key: for short cuts alone, where whoever makes ends meet takes nothing but the
/// short cut. Its higher bits are the better ones.
[[nodiscard]] inline std::uint64_t quick_hash(const Endpoint& source, const Endpoint& destination) {
  const auto folded = [](const Endpoint& endpoint) {
    const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(endpoint.address.octets);
    return halves[0] + halves[1] + (std::uint64_t{endpoint.port} << 32U);
  };
  return (folded(source) * kGoldenRatio + folded(destination)) * kGoldenRatio;
}

}  // namespace viaduct::net
