// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/flowtable.hpp"
#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::os {

/// What the firewall of this box has to let through.
struct FirewallRequest {
  std::uint32_t pinhole_mark = 0x20000000;   ///< the ct mark bit of pinholed flows
  std::uint32_t offload_marks = 0x60000000;  ///< flows with any of these bits stay out of flowtables
  std::vector<std::uint16_t> sip_ports = {5060};
};

/// Who keeps a rule when the firewall is loaded again or the box restarts.
enum class Keeping : std::uint8_t {
  none,          ///< nobody: see FirewallRule::note
  fw4_include,   ///< a file of ours, included by /etc/config/firewall
  nft_file,      ///< our lines at the end of the nftables configuration
  restore_file,  ///< our lines in a file for iptables-restore (ufw, netfilter-persistent, iptables-services)
  shell_file,    ///< our lines in a script that the firewall runs (OpenWrt fw3, Shorewall)
  program,       ///< the firewall's own command (firewalld with the iptables backend)
};

/// One rule in one chain: the accept for pinholes, or one that keeps packets out of a flowtable.
struct FirewallRule {
  bool offload = false;  ///< purpose: false the pinhole accept, true an exclusion from a flowtable
  bool ipv4 = false;     ///< families it covers
  bool ipv6 = false;
  std::string tool;         ///< "nftables", "OpenWrt fw4", "firewalld", "ufw", "iptables-nft", "iptables-legacy", ...
  std::string place;        ///< "nftables inet fw4 forward", "iptables-legacy filter FORWARD"
  Step insert;              ///< puts it where it must stand: first in the chain
  std::vector<Step> erase;  ///< takes away what stands there from us

  bool live = false;     ///< the kernel has it
  bool lasting = false;  ///< the configuration has it
  Keeping keeping = Keeping::none;
  std::string file;          ///< that keeps it, with Keeping::*_file and fw4_include
  std::string line;          ///< in that file
  std::string chain;         ///< of restore files: stands before the first rule of it
  std::vector<Step> keep;    ///< commands that make it last
  std::vector<Step> forget;  ///< and that undo it
  std::string note;          ///< why it does not last, and what then helps
  std::string obstacle;      ///< why it cannot be inserted at all; empty when it can
};

/// What is there and what is missing.
struct FirewallPlan {
  std::vector<FirewallRule> rules;       ///< empty: nothing on this box drops forwarded packets
  std::vector<OffloadRule> offload;      ///< flow offload found
  std::vector<std::string> blind_spots;  ///< what could not be read

  [[nodiscard]] bool complete() const;  ///< every rule is live
};

/// Reads the rules and names, for every chain in the forward path that can drop, the rule that is needed there.
/// An accept in one table does not save a packet from the drop of another, so there may be several.
[[nodiscard]] Result<FirewallPlan> plan_firewall(Host& host, const FirewallRequest& request);

struct FirewallOutcome {
  std::vector<std::string> done;     ///< commands run and files changed
  std::vector<std::string> refused;  ///< with the reason
};

/// Inserts what is not live and writes what does not last. A second run does nothing.
[[nodiscard]] FirewallOutcome apply_firewall(Host& host, const FirewallPlan& plan);
/// Takes our rules away, live and kept.
[[nodiscard]] FirewallOutcome remove_firewall(Host& host, const FirewallPlan& plan);

/// Where in `content`, a file for iptables-restore, a rule for `chain` of table filter must stand to be its first:
/// the octet position of a line; npos when the file has no such table.
[[nodiscard]] std::size_t restore_position(std::string_view content, std::string_view chain);

}  // namespace viaduct::os
