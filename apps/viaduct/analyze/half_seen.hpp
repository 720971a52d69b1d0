// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/border.hpp"
#include "finding/result.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace viaduct::app::analyze {

/// Calls that both sides of a router saw, and of which one had audio for five seconds at least that the other one had
/// not: lost there, or not captured. Ascending. `call_of`: the call of each stream, or diagnose::kNoCall.
[[nodiscard]] std::vector<std::uint32_t> half_seen(const diagnose::sides::Border& border, const finding::Result& result,
                                                   const std::deque<std::uint32_t>& call_of);

}  // namespace viaduct::app::analyze
