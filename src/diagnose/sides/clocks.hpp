// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <cstdint>
#include <span>

namespace viaduct::diagnose::sides {

using base::Duration;
using call::Time;

/// When both sides saw the same thing.
struct TimePair {
  Time first{};       ///< by the clock of the first side
  Time second{};      ///< by that of the second
  bool forth = true;  ///< it travelled from the first side to the second
};

/// How the clock of the second side is turned into that of the first. One way alone cannot tell delay from offset: then
/// the delay is within the offset. With both, half the difference of the ways is taken for the delay (RFC 5905 8).
class Clocks {
 public:
  Clocks() = default;
  /// Median offset of each way, and drift as the median of slopes (Theil 1950, Sen 1968) where the pairs span a minute.
  [[nodiscard]] static Clocks of(std::span<const TimePair> pairs);

  /// A time of the second side by the clock of the first one.
  [[nodiscard]] Time to_first(Time second) const;
  [[nodiscard]] Time to_second(Time first) const;

  [[nodiscard]] Duration offset() const { return offset_; }  ///< second less first, at the first pair
  [[nodiscard]] double drift() const { return drift_; }      ///< seconds per second
  [[nodiscard]] Duration error() const { return error_; }    ///< within which times agree: way and spread
  [[nodiscard]] std::uint64_t pairs() const { return pairs_; }
  [[nodiscard]] bool known() const { return pairs_ > 0; }

 private:
  Time origin_{};  ///< by the clock of the first side
  Duration offset_{};
  double drift_ = 0;
  Duration error_{};
  std::uint64_t pairs_ = 0;
};

}  // namespace viaduct::diagnose::sides
