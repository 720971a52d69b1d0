// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/state.hpp"
#include "base/bytes.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::gateway {

/// A number that goes up and down.
struct Gauge {
  base::Bytes name;
  std::uint64_t value = 0;
  base::Bytes meaning;
};

/// What the state holds now: calls by phase, registrations, mappings by kind, parties in the memory.
[[nodiscard]] std::vector<Gauge> count_state(const alg::State& state);

}  // namespace viaduct::gateway
