// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/period.hpp"
#include "stat/pooled_scan.hpp"
#include "stat/regularity.hpp"
#include "stat/scan.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace viaduct::stat {

/// What may be said of a period. Ordered: the greater says more.
enum class Periodicity : std::uint8_t {
  no_statement,  ///< not: "it is not periodic"
  suspected,     ///< one level weaker; never evidence for a cause
  periodic,
};

/// So many intervals or onsets at least, for either word: four drop-outs in one call are three intervals and four
/// onsets, and prove nothing.
inline constexpr std::size_t kFewestIntervals = 4;
inline constexpr std::size_t kFewestOnsets = 6;

/// periodic: Test A with p < 1 % of four intervals and more, or Test B with p < 0.1 % of six onsets and more.
/// suspected: 5 % and 1 %. Limits: by these levels 1.1 % of the calls with random drop-outs are called periodic, so a
/// list of many calls needs benjamini_hochberg, or the pooled test.
[[nodiscard]] Periodicity decide(const Regularity& intervals, const Scan& scan);

/// periodic: pooled p < 0.1 %; suspected: 1 %.
[[nodiscard]] Periodicity decide(const PooledScan& pooled);

/// Tests A and B of one call, what follows from them, and the period if anything does.
struct CallPeriodicity {
  Regularity intervals;
  Scan scan;
  Periodicity statement = Periodicity::no_statement;
  std::optional<PeriodEstimate> period;
};

/// The period is that of the test that convinces: by regression if the scan supports the statement, else the mean
/// interval. `dead_time` as in regularity().
[[nodiscard]] CallPeriodicity judge_call(const Train& call, double dead_time, IntervalNull& null);

/// Test C over calls of one line, several lines or sites, and the common period.
struct PoolPeriodicity {
  PooledScan scan;
  Periodicity statement = Periodicity::no_statement;
  std::optional<PeriodEstimate> period;
};
[[nodiscard]] PoolPeriodicity judge_pool(std::span<const Train> calls, SimulationCost cost = {});

}  // namespace viaduct::stat
