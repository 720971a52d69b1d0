// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

namespace viaduct::stat {

/// When something happened, and the time in which it would have been seen. Seconds from any origin; the onsets ascend
/// and lie within [start, end]. A view: the numbers stay the caller's.
struct Train {
  std::span<const double> onsets;
  double start = 0;
  double end = 0;

  [[nodiscard]] double length() const { return end - start; }
};

}  // namespace viaduct::stat
