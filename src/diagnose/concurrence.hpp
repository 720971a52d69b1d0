// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/group.hpp"
#include "stat/coincidence.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace viaduct::diagnose {

/// Onsets of two lines this near to each other are one instant.
inline constexpr double kInstant = 1;  ///< seconds

/// A line, or all lines of a customer, in a time without a break.
struct Line {
  std::size_t of = 0;            ///< whose: an index of the caller's
  std::vector<double> onsets{};  ///< seconds; ascending
  double begin = 0;
  double end = 0;
};

/// Lines that ran at the same time, and how their onsets fall together.
struct Concurrence {
  stat::Coincidence found{};
  std::vector<std::size_t> lines{};   ///< Line::of of those that ran together
  std::vector<std::size_t> struck{};  ///< of these, whose onsets mostly meet those of others, beyond chance

  /// Said of them: they drop out at the same instants. Most of them have to: two of many have near phases by chance,
  /// and an outage or two of all of them explain no more than that.
  [[nodiscard]] bool proven() const { return found.p < 0.001 && 2 * struck.size() > lines.size(); }
  /// Enough to accuse none of them alone.
  [[nodiscard]] bool suspected() const { return found.p < 0.1 && 2 * struck.size() > lines.size(); }
};

/// Of the lines those that run at the busiest moment, at most sixteen; of these as many as have a minute in common.
[[nodiscard]] Concurrence concurrence_of(std::vector<Line> lines);

/// The calls of one customer, each a line.
[[nodiscard]] Concurrence lines_at_once(const Tally& tally);

/// The customers, `of` an index of `tallies`. The two legs of one conversation are no two customers who are hit at
/// once: calls that begin and end together with exactly one of another customer are left out.
[[nodiscard]] Concurrence customers_at_once(std::span<const Tally> tallies);

}  // namespace viaduct::diagnose
