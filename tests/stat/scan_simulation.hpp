// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/scan_table.hpp"
#include "stat/simulation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace viaduct::stat {

/// The limits of the highest Z for n onsets uniform in `observed` seconds. `rotations` bounds the work: about one per
/// onset, period and trial; 20 000 trials at least, 400 000 at most.
inline ScanLimits simulate_limits(std::size_t n, double observed, std::uint64_t seed, double rotations) {
  RayleighSpectrum spectrum(frequency_grid(observed));
  const double cost = static_cast<double>(n * spectrum.grid().count);
  std::vector<double> highest(static_cast<std::size_t>(std::clamp(rotations / cost, 20000.0, 400000.0)));
  std::vector<double> onsets(n);
  Random random(seed);
  for (double& value : highest) {
    spectrum.clear();
    add_random_call(spectrum, random, observed, onsets);
    value = spectrum.highest();
  }
  std::ranges::sort(highest, std::greater());
  ScanLimits limits{};
  for (std::size_t level = 0; level < limits.size(); ++level) {
    limits[level] = static_cast<float>(
        highest[static_cast<std::size_t>(kTableLevels[level] * static_cast<double>(highest.size()))]);
  }
  return limits;
}

}  // namespace viaduct::stat
