// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::os {

/// An nftables table. `owned`: flag `owner`, only the process that made it can change it (firewalld 2 does that).
struct RulesetTable {
  std::string family;  ///< "ip", "ip6", "inet", "bridge", "netdev", "arp"
  std::string name;
  bool owned = false;
};

/// A chain; `hook` is empty for regular chains.
struct RulesetChain {
  std::string family;
  std::string table;
  std::string name;
  std::string type;
  std::string hook;
  std::string policy;
  std::int64_t priority = 0;

  [[nodiscard]] bool base() const { return !hook.empty(); }
};

/// An object `ct helper NAME { type "sip" ... }`.
struct RulesetHelper {
  std::string family;
  std::string table;
  std::string name;
  std::string type;      ///< the kernel's helper, "sip"
  std::string protocol;  ///< "udp" or "tcp"
  std::uint64_t handle = 0;
};

struct RulesetFlowtable {
  std::string family;
  std::string table;
  std::string name;
  std::vector<std::string> devices;
  bool hardware = false;  ///< flags offload
};

/// A rule with what it can do, named maps and verdict maps followed. `expressions` is the JSON array as received.
struct RulesetRule {
  std::string family;
  std::string table;
  std::string chain;
  std::string comment;
  std::uint64_t handle = 0;
  std::string expressions;

  std::vector<std::string> helpers;     ///< names of the ct helper objects that it attaches
  std::vector<std::string> targets;     ///< chains that it jumps or goes to
  std::vector<std::string> flowtables;  ///< `flow add @NAME`, without the @
  std::vector<std::string> xtables;     ///< "target CT", "match connmark": iptables-nft parts, content unknown
  std::vector<std::string> interfaces;  ///< names in iif/iifname matches
  std::vector<std::uint16_t> ports;     ///< single destination ports that it matches
  bool drops = false;                   ///< drop or reject, also by a verdict map
  bool accepts = false;
};

/// An element of a named map whose value is the name of a helper object.
struct RulesetHelperElement {
  std::string family;
  std::string table;
  std::string map;
  std::string element;  ///< JSON [key, value]
  std::string helper;
};

/// The elements of a named set or map whose keys hold ports, as the JSON array received.
struct RulesetElements {
  std::string family;
  std::string table;
  std::string name;
  std::string elements;
};

/// All nftables rules of a network namespace, in the kernel's order.
struct Ruleset {
  std::vector<RulesetTable> tables;
  std::vector<RulesetChain> chains;
  std::vector<RulesetRule> rules;
  std::vector<RulesetHelper> helpers;
  std::vector<RulesetHelperElement> helper_elements;
  std::vector<RulesetFlowtable> flowtables;
  std::vector<RulesetElements> port_elements;

  [[nodiscard]] const RulesetTable* table(std::string_view family, std::string_view name) const;
  [[nodiscard]] const RulesetChain* chain(std::string_view family, std::string_view table, std::string_view name) const;
  /// The elements of a named set or map of ports; nullptr when there is none.
  [[nodiscard]] const std::string* elements(std::string_view family, std::string_view table,
                                            std::string_view name) const;
  /// True when iptables-nft has rules among them, whose content its own program tells.
  [[nodiscard]] bool has_xtables() const;
  /// The rules of a chain, in order.
  [[nodiscard]] std::vector<const RulesetRule*> rules_of(const RulesetChain& chain) const;
  /// The rules of a chain and of all chains that it can reach, each once.
  [[nodiscard]] std::vector<const RulesetRule*> reachable(const RulesetChain& chain) const;
  /// True when the policy or a reachable rule drops or rejects (also by an iptables-nft target).
  [[nodiscard]] bool can_drop(const RulesetChain& chain) const;
};

/// Reads what `nft -j list ruleset` prints (libnftables-json(5), schema version 1). Unknown objects and
/// statements are skipped; only text that is no such document is an error (malformed_answer).
[[nodiscard]] Result<Ruleset> parse_ruleset(std::string_view json);

/// True when `expressions` is exactly: the ct mark has all bits of `mark` (or any, `!= 0`), perhaps a counter, accept.
[[nodiscard]] bool is_mark_accept(const RulesetRule& rule, std::uint32_t mark);

/// The rule as nft prints it, without its handle; "rule handle 7" where it cannot be listed.
[[nodiscard]] std::string text_of(Host& host, const RulesetRule& rule);

/// "inet fw4 forward", for people.
[[nodiscard]] std::string place_of(const RulesetRule& rule);

}  // namespace viaduct::os
