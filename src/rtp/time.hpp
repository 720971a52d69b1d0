// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"

#include <chrono>

namespace viaduct::rtp {

/// When a packet was seen, by the clock of the machine that captured it. The same type as capture::Time.
using Time = std::chrono::sys_time<base::Duration>;

[[nodiscard]] constexpr double seconds(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
[[nodiscard]] constexpr base::Duration from_seconds(double value) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(value));
}

}  // namespace viaduct::rtp
