// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/products/linux_match.hpp"
#include "audit/text.hpp"
#include "audit/tree.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {

/// Of a table or of what stands in it: "inet filter", "inet filter prerouting".
using Name = std::string;

/// An object `ct helper`.
struct Helper {
  Bytes type;
  Bytes protocol;
  Bytes l3{};
  std::string handle{};
  std::uint32_t line = 0;
};

/// Which packets see it, and what ends it for some.
struct Chain {
  bool hooked = false;
  bool forwards = false;  ///< at the hook forward
  std::int64_t priority = 0;
  std::uint32_t line = 0;           ///< that hooks it
  std::vector<Name> jumps;          ///< chains that it goes on to
  std::string last;                 ///< handle of its last rule so far that assigns no helper
  std::uint32_t rules = 0;          ///< how many it has so far
  std::vector<Ending> endings{};    ///< rules behind which packets see no more of it
  std::vector<Ending> untracked{};  ///< rules that keep conntrack from packets
};

/// A rule that sets a helper.
struct Use {
  Name table;
  Bytes chain;
  Bytes helper{};
  Bytes protocol{};  ///< empty: the helper's
  std::string ports{};
  bool narrow = false;  ///< to some addresses
  std::uint32_t line = 0;
  std::string handle{};
  std::string before{};        ///< handle of the last rule before it that assigns none; empty: it is the first
  std::uint32_t position = 0;  ///< of the rule in its chain, from 0
  bool alone = true;           ///< it does nothing else
  bool mapped = false;         ///< by a map from ports
  std::shared_ptr<const PacketMatch> match{};
  std::uint32_t hidden = 0;  ///< line of the rule that takes its packets first; 0: none
};

/// A timer of an object `ct timeout`.
struct Timeout {
  Name table;
  Bytes name;
  Bytes policy;  ///< unreplied, replied
  Node value;
};

/// Which ports a map gives which helper, in the order of the text.
class PortsOf {
 public:
  void add(Bytes helper, Bytes port) {
    const auto [at, fresh] = ports_.try_emplace(helper);
    if (fresh) helpers_.push_back(helper);
    at->second += (fresh ? "" : ", ") + std::string(port);
  }
  [[nodiscard]] const std::vector<Bytes>& helpers() const { return helpers_; }
  [[nodiscard]] const std::string& ports(Bytes helper) const { return ports_.at(helper); }

 private:
  std::vector<Bytes> helpers_;
  std::map<Bytes, std::string> ports_;
};

/// What a ruleset of nft says of helpers and of UDP timers, in whichever of its two forms it came.
struct Ruleset {
  std::map<Name, Helper> helpers;
  std::map<Name, Chain> chains;
  std::vector<Use> uses;
  std::vector<Timeout> timeouts;
  std::map<Name, std::string> timed;           ///< name of a timeout: "udp 5060, 10000-20000"
  std::map<Name, std::set<std::string>> from;  ///< by chain: interfaces of the rules that jump to it; empty: of all
  Sides sides{};
  std::map<Name, std::vector<Node>> maps;  ///< what holds elements of those that have a name
  bool open = false;           ///< a rule takes the helper, or where to go on, from a map whose elements are not here
  std::vector<Node> included;  ///< files that are read in its place, as it names them
  std::map<bool, std::uint32_t> untold;  ///< by whether IPv6: the first rule of iptables that is not told in full

  /// What holds the elements of "@NAME".
  [[nodiscard]] const std::vector<Node>& map(const Name& table, Bytes name);
  /// `use` with this helper, and with each of a map from ports of `protocol`.
  void add(Use use, Bytes helper);
  void add(Use use, Bytes protocol, const PortsOf& map);
  /// To be called behind each rule of `chain`: from `first` on are its uses.
  void finish_rule(std::size_t first, const std::string& handle, bool alone, Chain& chain);

 private:
  /// Nobody sets more by one rule, and each use holds the rule's text.
  static constexpr std::size_t kMostOfRule = 16;
  std::size_t of_rule_ = 0;
};

/// Of a tree of nft's own language; it borrows from both.
[[nodiscard]] Ruleset ruleset_of_nft(Node root, const Text& text);

/// "inet filter" and "prerouting": "inet filter prerouting".
[[nodiscard]] Name joined(const Name& a, Bytes b);

}  // namespace viaduct::audit::products
