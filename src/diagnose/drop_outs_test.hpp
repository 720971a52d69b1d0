// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/scene_test.hpp"

#include <cmath>
#include <vector>

namespace viaduct::diagnose::test {

/// A call answered 0.2 s after `begin` and hung up at `end`; media towards the caller are discarded for 2 s at each of
/// these instants, the other direction is whole.
inline void drop_outs(Scene& scene, double begin, double end, const std::vector<double>& instants) {
  scene.set_up(begin).hang_up(end + 0.3);
  const auto packets = [](double seconds) { return static_cast<int>(std::lround(seconds * 50)); };
  scene.talk(begin + 0.3, Party::caller).send(packets(end - begin));
  rtp::test::Talk& voice = scene.talk(begin + 0.3, Party::callee);
  double now = begin + 0.3;
  for (const double instant : instants) {
    voice.send(packets(instant - now)).lose(100);
    now = instant + 2;
  }
  voice.send(packets(end - now));
}

}  // namespace viaduct::diagnose::test
