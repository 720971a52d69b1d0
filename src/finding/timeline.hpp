// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

/// What a mark or interval tells, so that a page can draw it apart.
enum class Tone : std::uint8_t { plain, good, bad, signalling, silence };

/// A stretch of time; a moment has the length 0.
struct Interval {
  Time begin{};
  Duration length{};
  Tone tone = Tone::plain;
  std::string text;

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// A row of a timeline: the gaps of a stream, the SIP events of a call, the onsets of a line.
struct Lane {
  std::string name;
  std::vector<Interval> intervals;  ///< by time; may overlap
  std::uint32_t left_out = 0;

  static constexpr std::size_t kMaxIntervals = 1024;
  friend bool operator==(const Lane&, const Lane&) = default;
};

/// Lanes over one axis of time.
struct Timeline {
  std::string title;
  Time begin{};
  Duration length{};
  std::vector<Lane> lanes;
  Duration period{};  ///< if one was found, for the grid; else 0
  std::uint32_t left_out = 0;

  static constexpr std::size_t kMaxLanes = 64;
  friend bool operator==(const Timeline&, const Timeline&) = default;
};

}  // namespace viaduct::finding
