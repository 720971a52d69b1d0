// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/path.hpp"

#include <algorithm>

namespace viaduct::simulate {

Path::Path(const PathRules& rules, Random random)
    : delay_(rules.delay),
      jitter_(rules.jitter),
      noise_(rules.noise),
      random_(random),
      loss_(rules.loss_enter, rules.loss_leave, random_.fork()),
      outages_(rules.outages),
      strays_(rules.strays) {
  if (rules.queue) queue_.emplace(*rules.queue, random_.fork());
  if (const auto& police = rules.policer)
    policer_.emplace(police->rate, police->depth, police->load, police->bursts, random_.fork());
}

Path::Outcome Path::carry(Seconds now, std::size_t octets, Seconds previous) {
  Seconds left = now;
  if (queue_) {
    const std::optional<Seconds> through = queue_->through(now, octets);
    if (!through) return {Fate::lost, now};
    left = *through;
  }
  if (policer_ && policer_->drops(now, octets)) return {Fate::lost, now};
  if (outages_.at(now) != nullptr || loss_.loses()) return {Fate::lost, now};
  if (strays_.at(now) != nullptr) return {Fate::stray, now};
  if (random_.chance(noise_)) return {Fate::noise, now};
  return {Fate::arrived, std::max(left + delay_ + random_.exponential(jitter_), previous + 1e-5)};
}

}  // namespace viaduct::simulate
