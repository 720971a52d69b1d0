// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/interval.hpp"
#include "simulate/random.hpp"

#include <algorithm>

namespace viaduct::simulate {

/// The two-state model of Gilbert: packets are lost in the bad state, which is entered and left packet by packet.
class Gilbert {
 public:
  Gilbert(double enter, double leave, Random random) : enter_(enter), leave_(leave), random_(random) {}
  bool loses() {
    bad_ = bad_ ? !random_.chance(leave_) : random_.chance(enter_);
    return bad_;
  }

 private:
  double enter_, leave_;
  Random random_;
  bool bad_ = false;
};

/// A policer (token bucket): it delays nothing and drops what is over the rate. Other traffic empties the bucket.
class Policer {
 public:
  /// Rates in bits/s, `depth` in bits; `bursts`: when there is other traffic of the rate `load`.
  Policer(double rate, double depth, double load, std::vector<Interval> bursts, Random random)
      : rate_(rate), depth_(depth), load_(load), bursts_(std::move(bursts)), random_(random), tokens_(depth) {}

  bool drops(Seconds now, std::size_t octets) {
    const bool loaded = bursts_.at(now) != nullptr;
    const double gain = (rate_ - (loaded ? load_ : 0)) * std::max(0.0, now - last_);
    tokens_ = std::clamp(tokens_ + gain, 0.0, depth_);
    last_ = std::max(last_, now);
    const double bits = static_cast<double>(octets) * 8;
    if (tokens_ < bits) return !loaded || !random_.chance(rate_ / load_);
    tokens_ -= bits;
    return false;
  }

 private:
  double rate_, depth_, load_;
  Intervals bursts_;
  Random random_;
  double tokens_;
  Seconds last_ = 0;
};

}  // namespace viaduct::simulate
