// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"

#include <chrono>

namespace viaduct::finding {

using base::Duration;

/// When something was seen, by the clock of the machine that saw it. The same type as capture::Time.
using Time = std::chrono::sys_time<Duration>;

}  // namespace viaduct::finding
