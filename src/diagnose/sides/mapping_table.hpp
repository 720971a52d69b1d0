// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace viaduct::diagnose::sides {

using call::Time;

/// An inner endpoint and what it looks like outside, as headers of packets showed it on both sides.
struct Mapping {
  net::Endpoint inner;
  net::Endpoint outer;
  Time first{};  ///< by the clock of the first side, as the next
  Time last{};
  bool signalling = false;  ///< SIP was seen on it
  std::uint64_t packets = 0;
};

/// What a written endpoint is worth that stands for an inner one.
enum class Truth : std::uint8_t {
  none,     ///< nothing has to be mapped
  unknown,  ///< no packet shows what the inner endpoint is mapped to
  mapped,   ///< packets show this very mapping
  port,     ///< packets show that the inner endpoint is mapped to another port
  address,  ///< packets show no such outer address at all
};
/// What was written leads astray.
[[nodiscard]] constexpr bool is_false(Truth truth) {
  return truth == Truth::port || truth == Truth::address;
}

/// The NAT mappings that packets show: the truth that written addresses are held against.
class MappingTable {
 public:
  static constexpr std::size_t kMost = 65536;

  void add(const net::Endpoint& inner, const net::Endpoint& outer, Time time, bool signalling);

  [[nodiscard]] Truth truth(const net::Endpoint& inner, const net::Endpoint& outer) const;
  [[nodiscard]] bool is_inner(const net::Address& address) const { return inner_.contains(address); }
  [[nodiscard]] bool is_outer(const net::Address& address) const { return outer_.contains(address); }
  [[nodiscard]] bool empty() const { return mappings_.empty(); }
  /// Leaves out the others; which addresses are inner and outer ones stays known.
  template <class Wanted>
  void keep(Wanted wanted) {
    std::erase_if(mappings_, [&](const auto& entry) { return !wanted(entry.second); });
  }
  /// By inner endpoint and outer endpoint.
  [[nodiscard]] std::vector<Mapping> all() const;
  /// Those of one inner endpoint, by their first packets.
  [[nodiscard]] std::vector<Mapping> of(const net::Endpoint& inner) const;

 private:
  std::map<std::pair<net::Endpoint, net::Endpoint>, Mapping> mappings_;
  std::set<net::Address> inner_;
  std::set<net::Address> outer_;
};

}  // namespace viaduct::diagnose::sides
