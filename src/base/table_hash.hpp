// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/keyed_hash.hpp"

#include <cstdint>

/// Hashes for tables whose keys are somebody else's words: who writes them must not choose where they meet.
namespace viaduct::base {

/// Random, the same until the process ends. What is printed must not depend on it.
[[nodiscard]] const HashKey& table_key();

/// Of any octets, under table_key().
[[nodiscard]] std::uint64_t table_hash(Bytes octets);

}  // namespace viaduct::base
