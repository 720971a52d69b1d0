// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::finding {

/// A step of a Series.
struct SeriesPoint {
  /// Above the fastest packet of the stream, milliseconds. Both high: a queue; only `high`: single packets came late.
  struct Delay {
    double low = 0;
    double high = 0;
    friend bool operator==(const Delay&, const Delay&) = default;
  };
  std::uint32_t packets = 0;  ///< that came
  std::uint32_t lost = 0;     ///< that should have come and never did
  std::optional<Delay> delay{};

  friend bool operator==(const SeriesPoint&, const SeriesPoint&) = default;
};

/// Loss and delay of a stream over its time.
struct Series {
  Time begin{};
  Duration step{};  ///< of each point
  std::vector<SeriesPoint> points{};

  static constexpr std::size_t kMaxPoints = 600;
  friend bool operator==(const Series&, const Series&) = default;
};

}  // namespace viaduct::finding
