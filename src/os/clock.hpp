// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "os/problem.hpp"

#include <chrono>
#include <string>

namespace viaduct::os {

/// Wall time for logs and for the journal; may jump, never used for timers.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// The only place where clocks are read; everything else takes an Instant as a parameter.
/// CLOCK_MONOTONIC: it stands still in suspend exactly like the kernel's conntrack timers.
[[nodiscard]] base::Instant monotonic_now();
[[nodiscard]] WallTime wall_now();

/// RFC 3339 with milliseconds in UTC: 2025-01-31T12:00:00.123Z.
[[nodiscard]] std::string to_text(WallTime at);

/// Names this boot; Instants of different boots must not be compared.
[[nodiscard]] Result<std::string> boot_id();

}  // namespace viaduct::os
