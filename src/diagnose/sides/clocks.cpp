// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/clocks.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace viaduct::diagnose::sides {
namespace {

[[nodiscard]] double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
[[nodiscard]] Duration duration(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

[[nodiscard]] double median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Evenly spread, so that the quadratic slopes stay cheap.
[[nodiscard]] std::vector<TimePair> sample(std::span<const TimePair> pairs, bool forth) {
  constexpr std::size_t kMost = 200;
  std::vector<TimePair> same;
  for (const TimePair& pair : pairs)
    if (pair.forth == forth) same.push_back(pair);
  if (same.size() <= kMost) return same;
  std::vector<TimePair> some;
  some.reserve(kMost);
  for (std::size_t i = 0; i < kMost; ++i) some.push_back(same[i * same.size() / kMost]);
  return some;
}

/// Slopes of the offsets of one way. Pairs that are near each other tell more of delay than of drift.
void add_slopes(const std::vector<TimePair>& pairs, std::vector<double>& slopes) {
  constexpr double kLeast = 30;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t j = i + 1; j < pairs.size(); ++j) {
      const double apart = seconds(pairs[j].first - pairs[i].first);
      if (std::abs(apart) < kLeast) continue;
      const Duration change = (pairs[j].second - pairs[j].first) - (pairs[i].second - pairs[i].first);
      slopes.push_back(seconds(change) / apart);
    }
  }
}

[[nodiscard]] std::vector<double> offsets(const std::vector<TimePair>& pairs, Time origin, double drift) {
  std::vector<double> all;
  all.reserve(pairs.size());
  for (const TimePair& pair : pairs)
    all.push_back(seconds(pair.second - pair.first) - drift * seconds(pair.first - origin));
  return all;
}

[[nodiscard]] double spread(std::vector<double> values, double centre) {
  for (double& value : values) value = std::abs(value - centre);
  return median(values);
}

}  // namespace

Clocks Clocks::of(std::span<const TimePair> pairs) {
  Clocks clocks;
  if (pairs.empty()) return clocks;
  clocks.pairs_ = pairs.size();
  clocks.origin_ = pairs.front().first;
  const std::vector<TimePair> forth = sample(pairs, true);
  const std::vector<TimePair> back = sample(pairs, false);
  std::vector<double> slopes;
  add_slopes(forth, slopes);
  add_slopes(back, slopes);
  // No clock is off by more than 500 ppm; what is steeper are delays.
  constexpr double kSteepest = 500e-6;
  clocks.drift_ = std::clamp(median(slopes), -kSteepest, kSteepest);
  std::vector<double> there = offsets(forth, clocks.origin_, clocks.drift_);
  std::vector<double> here = offsets(back, clocks.origin_, clocks.drift_);
  const double out = median(there);
  const double in = median(here);
  const bool both = !forth.empty() && !back.empty();
  const double offset = both ? (out + in) / 2 : forth.empty() ? in : out;
  const double way = both ? std::abs(out - in) / 2 : 0;
  clocks.offset_ = duration(offset);
  clocks.error_ = duration(way + std::max(spread(there, out), spread(here, in)));
  return clocks;
}

Time Clocks::to_second(Time first) const {
  return first + offset_ + duration(drift_ * seconds(first - origin_));
}

Time Clocks::to_first(Time second) const {
  const Time near = second - offset_;
  return near - duration(drift_ * seconds(near - origin_));
}

}  // namespace viaduct::diagnose::sides
