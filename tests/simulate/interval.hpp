// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"

#include <utility>
#include <vector>

namespace viaduct::simulate {

struct Interval {
  Seconds from = 0, until = 0;
};

/// Times in order that do not overlap. Questions come in nearly ascending order, so the last answer is where the next
/// search begins.
class Intervals {
 public:
  Intervals() = default;
  explicit Intervals(std::vector<Interval> times) : times_(std::move(times)) {}

  /// The interval that holds `time`, or null.
  [[nodiscard]] const Interval* at(Seconds time) {
    if (times_.empty()) return nullptr;
    while (here_ + 1 < times_.size() && times_[here_ + 1].from <= time) ++here_;
    while (here_ > 0 && times_[here_].from > time) --here_;
    const Interval& found = times_[here_];
    return found.from <= time && time < found.until ? &found : nullptr;
  }
  [[nodiscard]] const std::vector<Interval>& all() const { return times_; }

 private:
  std::vector<Interval> times_;
  std::size_t here_ = 0;
};

}  // namespace viaduct::simulate
