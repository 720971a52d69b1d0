// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_xtables.hpp"
#include "os/ruleset.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::os {

/// A rule that hands flows to a flowtable: their packets then bypass forward, mangle and postrouting chains, so no DSCP
/// is set, no priority, and a mark that comes later is not seen. Also iptables `-j FLOWOFFLOAD` (OpenWrt fw3).
struct OffloadRule {
  bool xtables = false;
  bool ipv6 = false;    ///< of an iptables rule
  std::string program;  ///< of an iptables rule: "iptables-legacy"
  std::string family;   ///< of an nftables rule
  std::string table;
  std::string chain;
  std::string text;                  ///< "flow add @ft" in short, or the iptables line
  std::string flowtable;             ///< empty for iptables
  std::vector<std::string> devices;  ///< empty: decided by the kernel
  bool hardware = false;             ///< down to the network chip: not even counters see the packets
};

[[nodiscard]] std::vector<OffloadRule> find_offload(const Ruleset& ruleset, const std::vector<Xtables>& xtables);

/// What is worth a warning about it, for a person: one line.
[[nodiscard]] std::string warning_text(const OffloadRule& rule);

/// A rule that keeps some packets of established flows out of a flowtable, to stand in front of `flow add` in its
/// chain. It accepts what an ordinary rule for established flows accepts, no new flow.
struct OffloadExclusion {
  std::string comment;                ///< names it: each rule is put in once
  std::string nft;                    ///< without table, chain and comment
  std::vector<std::string> iptables;  ///< match and target words, without comment
};

/// For flows with any bit of `marks` in their ct mark, and for SIP: UDP and TCP from or to `sip_ports`.
/// `xtables`: written for iptables, which needs more rules for the same.
[[nodiscard]] std::vector<OffloadExclusion> offload_exclusions(std::uint32_t marks,
                                                               const std::vector<std::uint16_t>& sip_ports,
                                                               bool xtables);

}  // namespace viaduct::os
