// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::simulate {

/// Where on its way a packet was hit, which decides who can see it.
enum class Where : std::uint8_t {
  sender,  ///< before the packet came to any capture
  path,    ///< between the two places of capture
  beyond,  ///< behind both
};

/// One time at which a mechanism kept audio from where it was to go.
struct Onset {
  Seconds time = 0;   ///< of the first packet it hit
  Seconds until = 0;  ///< when the audio of the last one ends
  int packets = 0;
  Direction direction = Direction::up;
};

/// What a mechanism did to one call, written down by the mechanism itself as it happens.
class Harm {
 public:
  /// A packet was lost, or not sent, or held from `time` until `until`. What follows within `quiet` of the last is
  /// the same onset.
  void hit(Direction direction, Where where, Seconds time, Seconds until, Seconds quiet = 1) {
    std::vector<Onset>& onsets = onsets_[static_cast<std::size_t>(direction)][static_cast<std::size_t>(where)];
    if (onsets.empty() || time > onsets.back().until + quiet) onsets.push_back({time, until, 0, direction});
    if (until > onsets.back().until) onsets.back().until = until;
    ++onsets.back().packets;
  }
  [[nodiscard]] const std::vector<Onset>& onsets(Direction direction, Where where) const {
    return onsets_[static_cast<std::size_t>(direction)][static_cast<std::size_t>(where)];
  }

 private:
  std::vector<Onset> onsets_[2][3];
};

}  // namespace viaduct::simulate
