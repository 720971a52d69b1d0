// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace viaduct::gateway {

/// Tells systemd about us (sd_notify(3) protocol): "READY=1", "WATCHDOG=1". Does nothing without NOTIFY_SOCKET.
void notify_service_manager(std::string_view state);

}  // namespace viaduct::gateway
