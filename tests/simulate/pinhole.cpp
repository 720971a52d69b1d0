// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/pinhole.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::simulate {

Pinhole::Pinhole(const PinholeRules& rules, Random random, Seconds now) : rules_(rules), random_(random), first_(now) {
  plan(now);
}

void Pinhole::plan(Seconds opened) {
  if (rules_.life == 0) {
    closes_ = opens_ = HUGE_VAL;
    return;
  }
  bool missed = false;
  do {
    ++ends_;
    const Seconds begin = rules_.restarts ? opened : first_ + (ends_ - 1) * rules_.life;
    closes_ = begin + rules_.life + random_.normal(rules_.jitter);
    if (rules_.sweep > 0) closes_ = std::ceil(closes_ / rules_.sweep) * rules_.sweep;
    closes_ = rules_.restarts ? std::max(closes_, opened + 1) : closes_;
    missed = random_.chance(rules_.missed);
    if (missed && rules_.restarts) opened = closes_;
  } while (missed || closes_ < opened + 1);
  opens_ = closes_ + random_.in(rules_.hole);
}

bool Pinhole::lets(Direction direction, Seconds now) {
  if (now < closes_) return true;
  if (now < opens_) return !(direction == Direction::up ? rules_.closes_up : rules_.closes_down);
  plan(opens_);
  return true;
}

void Pinhole::flush(Seconds now) {
  closes_ = now;
  opens_ = now + random_.in(rules_.hole);
}

void Pinhole::refresh(Seconds now) {
  if (rules_.sip_refreshes && now < closes_ && rules_.life > 0) {
    closes_ = now + std::max(1.0, rules_.life + random_.normal(rules_.jitter));
    opens_ = closes_ + random_.in(rules_.hole);
  }
}

}  // namespace viaduct::simulate
