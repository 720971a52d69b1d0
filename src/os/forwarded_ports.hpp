// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_xtables.hpp"
#include "os/port_set.hpp"
#include "os/ruleset.hpp"

#include <string>
#include <vector>

namespace viaduct::os {

/// The destination ports of UDP that rules of others translate on their way in: `dnat` and `redirect` of nftables
/// reachable from hook prerouting (single ports, ranges, sets, maps and verdict maps, named ones too, and what a rule
/// that jumps there has matched), DNAT and REDIRECT of iptables in table nat. A rule without any port, the "exposed
/// host" of home routers, takes what nobody else asked for: it is none. `table` is ours and left out.
[[nodiscard]] PortSet forwarded_ports(const Ruleset& ruleset, const std::vector<Xtables>& xtables,
                                      const std::string& table);

}  // namespace viaduct::os
