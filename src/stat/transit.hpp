// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

namespace viaduct::stat {

/// One packet of a stream: when it came, and when its medium was taken (RTP time stamp / clock rate, unwrapped). Both
/// in seconds; the origins may differ.
struct Transit {
  double arrival = 0;
  double media = 0;
};

/// Relative transit times: arrival - media less the line that lies under all packets and nearest to them on average, an
/// edge of their lower hull (Moon, Skelly, Towsley 1999). What remains is at least 0 and is queueing, without the skew
/// of the two clocks. `packets` in order of arrival; `relative` has the same size. Limits: skews past 500 ppm are no
/// clock's and are cut there, so that a queue that grows all through a short stream remains; a change of route in
/// mid-stream needs a cut at that point by the caller. Returns the skew taken out, seconds per second.
double relative_transit(std::span<const Transit> packets, std::span<double> relative);

}  // namespace viaduct::stat
