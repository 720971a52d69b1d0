// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/random.hpp"
#include "stat/rayleigh.hpp"

#include <span>

namespace viaduct::stat {

/// One call of the null hypothesis, added to the spectrum: onsets.size() onsets, each uniform in `observed` seconds.
/// `onsets` is room to work in.
inline void add_random_call(RayleighSpectrum& spectrum, Random& random, double observed, std::span<double> onsets) {
  for (double& onset : onsets) onset = observed * random.uniform();
  spectrum.add(onsets, 0);
}

}  // namespace viaduct::stat
