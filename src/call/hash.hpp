// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/table_hash.hpp"
#include "net/table_hash.hpp"

#include <cstdint>

/// Hashes that stand for texts too long to keep. Within one run only: they are keyed (base::table_key()), as two
/// Call-IDs with one hash would be one call.
namespace viaduct::call {

[[nodiscard]] inline std::uint64_t hash_of(base::Bytes text) {
  return base::table_hash(text);
}

/// Another value for other pairs, also for pairs the other way round.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t mixed = (a ^ (b + 0x9e3779b97f4a7c15U + (a << 6) + (a >> 2))) * 0xff51afd7ed558ccdU;
  return mixed ^ mixed >> 33;
}

}  // namespace viaduct::call
