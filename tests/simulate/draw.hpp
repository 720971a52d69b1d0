// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/interval.hpp"
#include "simulate/params.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace viaduct::simulate {

/// Draws the quantities of a scenario by the names of their keys.
class Draw {
 public:
  Draw(const ScenarioParams& params, Random random) : params_(params), random_(random) {}

  [[nodiscard]] const ScenarioParams& params() const { return params_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Range range(std::string_view key) const { return params_.range(key); }
  double value(std::string_view key) { return random_.in(params_.range(key)); }
  int whole(std::string_view key) { return random_.whole(params_.range(key)); }
  bool chance(std::string_view key) { return random_.chance(value(key)); }

  /// Times of length `busy` with `calm` between them, at random.
  std::vector<Interval> turns(Seconds until, Range busy, Range calm) {
    std::vector<Interval> times;
    Seconds at = random_.in(0, calm.high);
    while (at < until) {
      times.push_back({at, at + random_.in(busy)});
      at = times.back().until + random_.in(calm);
    }
    return times;
  }
  /// Times of length `busy` every `period`, by a clock that is off by `jitter` (standard deviation) each time.
  std::vector<Interval> ticks(Seconds until, Range busy, Seconds period, Seconds jitter) {
    std::vector<Interval> times;
    Seconds free = 0, at = random_.in(0, period);
    while (at < until) {
      const Seconds from = std::max(free, at + random_.normal(jitter));
      times.push_back({from, from + random_.in(busy)});
      free = times.back().until + 0.05;
      at += period;
    }
    return times;
  }
  /// Times of length `busy` at the rate of one in `mean` seconds, each time independent of the others.
  std::vector<Interval> strikes(Seconds until, Range busy, Seconds mean) {
    std::vector<Interval> times;
    Seconds at = random_.exponential(mean);
    while (at < until) {
      times.push_back({at, at + random_.in(busy)});
      at = times.back().until + random_.exponential(mean);
    }
    return times;
  }

 private:
  const ScenarioParams& params_;
  Random random_;
};

}  // namespace viaduct::simulate
