// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/rayleigh.hpp"
#include "stat/train.hpp"

#include <cstddef>

namespace viaduct::stat {

/// Fewer onsets than this have no p-value: with n = 4 the highest possible Z is 4 and chance comes near it in one of a
/// hundred calls, so four drop-outs in one call are not provable by a scan.
inline constexpr std::size_t kScanOnsets = 5;

/// P(highest Z of the scan >= z | n onsets, each uniform in `observed` seconds): the look-elsewhere effect included.
/// Up to 60 onsets and an hour from simulated limits (scan_table.hpp), interpolated; past the smallest simulated p
/// by the large-deviation rate of a random walk of n steps, conservative; past 60 onsets or an hour by the expected
/// number of upcrossings (Baluev 2008), conservative. 1 for n < kScanOnsets, less observed than the longest period, or
/// more than kLongestObserved.
[[nodiscard]] double scan_p(double z, std::size_t n, double observed);

/// The z whose scan_p is p, within the table: kScanOnsets <= n <= 60, 60 <= observed <= 3600, 0.0005 <= p <= 0.99
/// (clamped to it).
[[nodiscard]] double scan_limit(double p, std::size_t n, double observed);

/// Test B. The Rayleigh scan of one call.
struct Scan {
  std::size_t onsets = 0;
  double z = 0;       ///< the highest Z of the grid
  double period = 0;  ///< longest T that explains it (RayleighSpectrum::longest_period), seconds; 0 without onsets
  double p = 1;       ///< scan_p
};

/// Null hypothesis: the onsets are uniform in the observed time. Meaning: a small p says that a clock with a period of
/// 20 to 60 s ticks through; missing events do not matter. Limits: foreign events and jitter above a tenth of the
/// period cost power; onsets that merely keep a minimum distance are slightly more even than the null. Source: Rayleigh
/// test with the search over frequencies simulated; critical values reproduced in the test.
[[nodiscard]] Scan scan(const Train& call);

}  // namespace viaduct::stat
