// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_access.hpp"
#include "viaduct-gateway/config.hpp"

#include <string>
#include <vector>

namespace viaduct::gateway {

/// What else on this box stands in the way of calls, looked at once at the start: sentences for `status` and the log.
/// A SIP server of this host (its packets pass INPUT and OUTPUT, never our queue), flow offload that hides packets from
/// every rule, and firewall chains that drop pinholed packets, found by a synthetic one.
[[nodiscard]] std::vector<std::string> look_around(os::Host& host, const GatewayConfig& config,
                                                   const std::vector<std::string>& wans);

/// Builds the queueing tree on each WAN when a rate is set; restore_qos_tree() undoes it at a clean stop. What a person
/// should know of it is appended to `remarks`.
[[nodiscard]] os::Result<void> build_qos_tree(os::Host& host, const GatewayConfig& config,
                                              const std::vector<std::string>& wans, std::vector<std::string>& remarks);
void restore_qos_tree(os::Host& host, const GatewayConfig& config, const std::vector<std::string>& wans,
                      std::vector<std::string>& remarks);

}  // namespace viaduct::gateway
