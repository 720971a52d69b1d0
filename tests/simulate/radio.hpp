// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/interval.hpp"
#include "simulate/random.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::simulate {

/// The Wi-Fi link of one phone. It loses nothing: while the station scans other channels, and between the beacons at
/// which a sleeping station wakes, packets wait, and then leave one right behind the other.
class Radio {
 public:
  /// `away`: the scans. `sleep`: time between two wakings, 0 for a station that does not sleep.
  Radio(std::vector<Interval> away, Seconds sleep, Random random)
      : away_(std::move(away)), sleep_(sleep), random_(random), phase_(random_.unit() * sleep) {}

  /// The longest a packet waits while the station is there.
  [[nodiscard]] Seconds usual_wait() const { return sleep_ + 0.05; }
  /// When a packet that the sender has ready now is on the other side.
  Seconds through(Direction direction, Seconds now) {
    Seconds& last = last_[static_cast<std::size_t>(direction)];
    Seconds ready = now;
    if (sleep_ > 0) ready = std::ceil((ready - phase_) / sleep_) * sleep_ + phase_;
    if (const Interval* scan = away_.at(ready)) ready = scan->until;
    // A frame takes the air for some time, and waits for others.
    return last = std::max(ready + random_.in(0.0003, 0.0015), last + 0.0004);
  }

 private:
  Intervals away_;
  Seconds sleep_;
  Random random_;
  Seconds phase_;
  Seconds last_[2] = {0, 0};
};

}  // namespace viaduct::simulate
