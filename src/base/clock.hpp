// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

namespace viaduct::base {

using Duration = std::chrono::nanoseconds;

/// A moment on the monotonic clock of one boot. Decisions take it as a parameter; only os/ reads a clock.
struct Instant {
  Duration since_boot{};

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, Duration by) { return {at.since_boot + by}; }
  friend constexpr Duration operator-(Instant late, Instant early) { return late.since_boot - early.since_boot; }
};

}  // namespace viaduct::base
