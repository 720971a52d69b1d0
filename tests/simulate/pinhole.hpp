// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"
#include "simulate/random.hpp"

namespace viaduct::simulate {

/// Of a hole that is never closed again.
inline constexpr Seconds kForGood = 1e6;

/// How an ALG keeps the media of a call.
struct PinholeRules {
  Seconds life = 0;            ///< of an entry; 0: as long as the call
  Seconds jitter = 0;          ///< standard deviation of the life
  Seconds sweep = 0;           ///< entries are looked after at multiples of this only; 0: at once
  bool restarts = false;       ///< the life begins when the entry is made again, else it ticks on from the first one
  bool sip_refreshes = false;  ///< SIP of the line begins the life anew
  double missed = 0;           ///< share of the ends at which the entry is made again before a packet comes
  Range hole{0.5, 2};          ///< seconds until the slow path has made it again
  bool closes_up = true;
  bool closes_down = true;
};

/// The entry of one call in an ALG's table of media: it ends, and until it is made again it swallows packets.
class Pinhole {
 public:
  Pinhole(const PinholeRules& rules, Random random, Seconds now);

  /// Whether a packet passes. Times may step back by the delay of the path.
  bool lets(Direction direction, Seconds now);
  /// Packets that it swallows nearer to each other than this are one hole, whatever pauses the sender makes.
  [[nodiscard]] Seconds quiet() const { return rules_.hole.low < kForGood ? 1 : kForGood; }
  /// The entry is thrown away, for instance as a REGISTER passes.
  void flush(Seconds now);
  /// SIP of the line passed.
  void refresh(Seconds now);

 private:
  void plan(Seconds opened);

  PinholeRules rules_;
  Random random_;
  Seconds first_ = 0;
  Seconds closes_ = 0, opens_ = 0;
  int ends_ = 0;
};

}  // namespace viaduct::simulate
