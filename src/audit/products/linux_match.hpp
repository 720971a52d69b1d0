// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::audit::products {

/// Ports that are asked for: numbers, ranges with `-`, divided by commas and blanks. Read once, since each rule is held
/// against many.
class PortSet {
 public:
  PortSet() = default;
  explicit PortSet(Bytes ports);
  /// False where that is not certain: of names of services nothing is.
  [[nodiscard]] bool holds_all_of(const PortSet& other) const;
  /// Whether `port` is among those that are asked for: false where any port will do.
  [[nodiscard]] bool names(std::uint32_t port) const;

 private:
  using Range = std::pair<std::uint32_t, std::uint32_t>;

  std::vector<Range> ranges_;  ///< in order, with a gap between any two
  enum class Kind : std::uint8_t { any, some, unread } kind_ = Kind::any;
};

/// The packets that a rule of iptables or nft takes, as far as its words tell.
struct PacketMatch {
  std::map<std::string, std::string> is{};  ///< "protocol" is "udp", "iif" is "br0"
  PortSet ports{};                          ///< of the destination
  bool whole = true;                        ///< false: it asks for more, so that it takes less than this says

  /// Whether no packet of `other` is left for a rule behind this one. False where that is not certain.
  [[nodiscard]] bool takes_all_of(const PacketMatch& other) const;
  /// The interfaces that its packets come from, divided by commas: its own, or else those of the rules that jump to its
  /// chain ("" of one that names none); empty: all.
  [[nodiscard]] std::string comes_from(const std::set<std::string>& callers) const;

  /// Of more rules that jump to a chain not all are looked at, which says "on" of what may be off.
  static constexpr std::size_t kMostCallers = 16;
};

/// A rule behind which the packets that it takes see no more of its chain.
struct Ending {
  /// Of one chain; with more, those behind are not looked at, which says "on" of what may be off.
  static constexpr std::size_t kMost = 64;

  PacketMatch match;
  std::uint32_t line = 0;
};
/// The line of the first of them that takes all of `match`; 0 without one.
[[nodiscard]] std::uint32_t hidden_by(const std::vector<Ending>& endings, const PacketMatch& match);

/// Between which interfaces a ruleset forwards, as far as its rules name them, and on which of them rules give flows
/// the helper.
class Sides {
 public:
  /// A rule lets through what comes in here; names divided by commas, as PacketMatch has them.
  void comes_from(Bytes interfaces) { add(interfaces, inside_); }
  /// NAT of what leaves here: this is not where phones are.
  void leaves_by(Bytes interfaces) { add(interfaces, outside_); }
  /// A rule for SIP of port 5060 that takes all addresses; empty: from everywhere.
  void helped(Bytes interfaces);
  /// Whether some interface that packets come from is left without the helper.
  [[nodiscard]] bool leave_some() const;

 private:
  static void add(Bytes interfaces, std::set<std::string>& into);

  std::set<std::string> inside_, outside_, helped_;
  bool all_ = false;
};

/// By the words of a rule of iptables behind its chain.
[[nodiscard]] PacketMatch match_of_iptables(const std::vector<Bytes>& words);
/// By the words of a rule of nft; sets are nodes with the word {}.
[[nodiscard]] PacketMatch match_of_nft(const std::vector<Node>& words);
/// By its expressions in `nft -j`.
[[nodiscard]] PacketMatch match_of_nft_json(Node expressions);
/// Whether a rule does nothing but ask, count and set one helper, so that without it nothing else changes. What is not
/// known to be so is not. By its words, sets as "{}"; by its expressions in `nft -j`; by its words behind the chain.
[[nodiscard]] bool only_helps_of_nft(const std::vector<Bytes>& words);
[[nodiscard]] bool only_helps_of_nft_json(Node expressions);
[[nodiscard]] bool only_helps_of_iptables(const std::vector<Bytes>& words);
/// "5060, 10000-20000" of the right side of a match in `nft -j`.
[[nodiscard]] std::string ports_of_json(Node right);

}  // namespace viaduct::audit::products
