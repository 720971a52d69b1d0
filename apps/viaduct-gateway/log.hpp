// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "viaduct-gateway/config.hpp"

#include <string>

namespace viaduct::gateway {

/// Sets what is said from now on.
void set_log_level(LogLevel level);

/// One line to stderr, with the syslog prefix that systemd reads ("<4>...") where stderr is its journal.
/// Credentials are masked; nothing of a message but its names is ever logged below `debug`.
void log(LogLevel level, const std::string& text);

}  // namespace viaduct::gateway
