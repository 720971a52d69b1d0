// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/time.hpp"

#include <cstdint>
#include <optional>
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
  std::optional<std::uint32_t> stream{};  ///< index into Result::streams: its series is drawn below
  Duration phase{};  ///< where a period was found: of this lane's onsets after its begin, less than the period
  std::optional<Time> begin{};  ///< where the axis begins for this lane alone, as at its call; else at Timeline::begin

  static constexpr std::size_t kMaxIntervals = 1024;
  friend bool operator==(const Lane&, const Lane&) = default;
};

/// Lanes over one axis of time. With a period it is a raster of onsets: the page draws the grid of the period through
/// each lane, and beside it all lanes folded at the period, where onsets that keep it stand in one column:
///
///     Timeline raster{"Onsets of 3 lines", begin, end - begin, {}, period};
///     for (const Line& line : lines)
///       raster.lanes.push_back({line.name, {{onset, {}, Tone::bad, "L, 1.8 s"}, ...}, 0, {}, line.phase});
///     finding.exhibits.push_back(raster);
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
