// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace viaduct::os {

/// One `-A CHAIN ...` line of iptables-save.
struct XtablesRule {
  std::string table;
  std::string chain;
  std::vector<std::string> arguments;  ///< what follows the chain name, unquoted
  std::string line;                    ///< as printed

  /// The word after `option` ("-j", "--helper"); empty when it is not there.
  [[nodiscard]] std::string value_of(std::string_view option) const;
};

struct XtablesChain {
  std::string table;
  std::string name;
  std::string policy;  ///< ACCEPT or DROP for built-in chains, "-" for others
};

/// The rules that one iptables program keeps in the kernel.
struct Xtables {
  std::string program;  ///< what changes them: "iptables-nft", "ip6tables-legacy", "iptables"
  bool ipv6 = false;
  bool legacy = false;  ///< in the old ip_tables, not in nftables
  std::vector<XtablesChain> chains;
  std::vector<XtablesRule> rules;

  [[nodiscard]] const XtablesChain* chain(std::string_view table, std::string_view name) const;
  /// True when the built-in chain's policy, or a rule that can be reached from it, drops or rejects.
  [[nodiscard]] bool can_drop(std::string_view table, std::string_view name) const;
};

/// Reads what iptables-save prints; lines that are none of `*table`, `:chain` and `-A` are skipped.
void parse_xtables(std::string_view text, Xtables& into);

/// The words of one line; double quotes and backslashes as iptables-save writes them.
[[nodiscard]] std::vector<std::string> split_words(std::string_view line);

/// All iptables rules of this box. The old kernel tables are asked only where they exist: listing them would make
/// them. `nft_compat`: nftables holds rules of iptables-nft (only then its program is asked).
/// `unreadable` names programs that are missing or failed although there is something to read.
struct XtablesSet {
  std::vector<Xtables> sets;
  std::vector<std::string> unreadable;
};
[[nodiscard]] XtablesSet read_xtables(Host& host, bool nft_compat);

}  // namespace viaduct::os
