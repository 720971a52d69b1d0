// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/train.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace viaduct::stat {

/// Fewer calls than this are not pooled: together they would be one short call.
inline constexpr std::size_t kPooledCalls = 3;

/// How much simulation a p-value may cost: about one rotation for each onset, period and trial; 1e8 take some tenths of
/// a second. At least 400 trials are made whatever they cost, at most 100 000.
struct SimulationCost {
  double rotations = 2e8;
  std::uint64_t seed = 1;
};

/// Test C. The Rayleigh scan over several calls.
struct PooledScan {
  std::size_t calls = 0;   ///< those with two onsets and more, observed for kLongestPeriod to kLongestObserved
  std::size_t onsets = 0;  ///< in these calls
  double z = 0;            ///< highest sum of Z(T) over the calls
  double period = 0;       ///< longest T that explains it, seconds; 0 without calls
  double p = 1;            ///< 1 for less than kPooledCalls calls
  std::size_t trials = 0;  ///< simulated
};

/// Null hypothesis: in each call the onsets are uniform, independent of the other calls. Meaning: a small p says that
/// one period runs through the calls, each with its own phase, as a timer does that every flow starts anew: three to
/// five calls with four drop-outs each can prove what none of them can. Simulated with the onset numbers and lengths
/// given; p past the thirtieth highest trial follows the gamma distribution of the sum, conservative for few onsets.
/// The order of the calls does not matter. Limits: calls that share events (one outage on two lines) are not
/// independent; test same_instant first and pool one line of such a group. Different periods do not add up.
[[nodiscard]] PooledScan pooled_scan(std::span<const Train> calls, SimulationCost cost = {});

}  // namespace viaduct::stat
