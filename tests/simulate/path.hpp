// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/loss.hpp"
#include "simulate/queue.hpp"

#include <optional>
#include <vector>

namespace viaduct::simulate {

struct PolicerRules {
  double rate = 1e6, depth = 1e5, load = 2e6;
  std::vector<Interval> bursts;
};

/// One direction between a site's router and the platform.
struct PathRules {
  Seconds delay = 0.02;
  Seconds jitter = 0.001;  ///< mean of what each packet waits over `delay`
  double noise = 0;        ///< share of packets lost for no reason worth a name
  double loss_enter = 0, loss_leave = 1;
  std::optional<QueueRules> queue;
  std::optional<PolicerRules> policer;
  std::vector<Interval> outages;  ///< nothing passes
  std::vector<Interval> strays;   ///< nothing passes, and it has nothing to do with what is wrong with the site
};

/// What became of a packet.
enum class Fate : std::uint8_t {
  arrived,
  lost,   ///< to what is wrong with the site
  noise,  ///< to what every network loses now and then
  stray,  ///< in a hole that has nothing to do with what is wrong
};

class Path {
 public:
  Path(const PathRules& rules, Random random);

  struct Outcome {
    Fate fate = Fate::arrived;
    Seconds time = 0;  ///< of the arrival
  };
  /// `previous`: the last arrival of that flow; routers keep the order within a flow.
  Outcome carry(Seconds now, std::size_t octets, Seconds previous);
  [[nodiscard]] Seconds queue_depth() const { return queue_ ? queue_->depth() : 0; }

 private:
  Seconds delay_, jitter_;
  double noise_;
  Random random_;
  Gilbert loss_;
  std::optional<Queue> queue_;
  std::optional<Policer> policer_;
  Intervals outages_, strays_;
};

}  // namespace viaduct::simulate
