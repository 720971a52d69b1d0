// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_access.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace viaduct::os {

/// Where a rule sits, as far as it betrays the tool that wrote it.
struct RuleSign {
  bool xtables = false;  ///< a rule of iptables, not of nftables
  std::string table;     ///< "inet fw4" for nftables, "raw" for iptables
  std::string chain;
  std::string comment;
};

/// The tool that wrote a helper rule and what to change there, so that it does not come back.
struct Origin {
  std::string tool;     ///< "OpenWrt fw4", "firewalld", "Shorewall", "VyOS", "ufw", "unknown"
  std::string lasting;  ///< a command, or the file and line to change; empty when nothing was found
};

/// Names the tool behind a rule that attaches the SIP helper, from the rule's place and the configuration files.
[[nodiscard]] Origin origin_of_helper_rule(Host& host, const RuleSign& sign);

/// The files that set net.netfilter.nf_conntrack_helper, as "FILE:LINE: text".
[[nodiscard]] std::vector<std::string> helper_settings(Host& host);

}  // namespace viaduct::os
