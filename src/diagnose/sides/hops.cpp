// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/hops.hpp"

#include "net/quick_hash.hpp"

#include <algorithm>
#include <cstring>
#include <set>

namespace viaduct::diagnose::sides {
namespace {

/// The way through a router, queues included; SIP is sent again after half a second at the soonest.
constexpr base::Duration kNear = std::chrono::milliseconds(200);
/// What tells one packet from others of its flow stands in front.
constexpr std::size_t kHead = 48;

/// Whoever makes packets meet makes this capture tell of a router that was not there, and could write one into it.
[[nodiscard]] std::uint64_t mark_of(base::Bytes octets, const net::Endpoint& source, const net::Endpoint& destination) {
  std::uint64_t mark = net::quick_hash(source, destination) + octets.size();
  base::Bytes head = octets.substr(0, kHead);
  while (!head.empty()) {
    std::uint64_t word = 0;
    const std::size_t length = std::min(head.size(), sizeof word);
    std::memcpy(&word, head.data(), length);
    head.remove_prefix(length);
    mark = (mark ^ word) * net::kGoldenRatio;
    mark ^= mark >> 32U;
  }
  return mark;
}

[[nodiscard]] bool is_private(const net::Address& address) {
  return address.scope() == net::Scope::private_use;
}

}  // namespace

void HopFinder::see(base::Bytes octets, const net::Endpoint& source, const net::Endpoint& destination, std::uint8_t ttl,
                    call::Time time) {
  if (ttl == 0 || octets.empty()) return;
  const std::uint64_t key = mark_of(octets, source, destination);
  Seen& known = recent_[key % kRecent];
  const bool again = known.key == key && known.ttl != 0 && std::chrono::abs(time - known.time) <= kNear;
  if (again && known.ttl != ttl) {
    const std::pair hosts(source.address, destination.address);
    if (copies_.size() < kMostPairs || copies_.contains(hosts)) {
      Copies& copies = copies_[hosts];
      const auto [lower, higher] = std::minmax(known.ttl, ttl);
      if (copies.alike == 0) copies = {.higher = higher, .lower = lower};
      ++(copies.higher == higher && copies.lower == lower ? copies.alike : copies.otherwise);
    }
  }
  known = {.key = key, .time = time, .ttl = ttl};
}

Hops HopFinder::hops() const {
  std::map<net::Address, std::size_t> peers;
  for (const auto& [hosts, copies] : copies_)
    if (copies.tell()) ++peers[hosts.first];
  Hops hops;
  for (const auto& [hosts, copies] : copies_) {
    const auto& [source, destination] = hosts;
    const auto back = copies_.find({destination, source});
    if (!copies.tell() || back == copies_.end() || !back->second.tell()) continue;
    const bool scopes = is_private(source) != is_private(destination);
    const bool fewer = peers[source] != peers[destination] ? peers[source] < peers[destination] : source < destination;
    const bool outbound = scopes ? is_private(source) : fewer;
    hops[hosts] = copies.hop(outbound);
  }
  add_one_way(hops);
  return hops;
}

void HopFinder::add_one_way(Hops& hops) const {
  constexpr std::uint64_t kOften = 50;
  std::set<net::Address> inside;
  for (const auto& [hosts, hop] : hops)
    if (hop.inside > hop.outside) inside.insert(hosts.first);
  Hops more;
  for (const auto& [hosts, copies] : copies_) {
    const std::pair back(hosts.second, hosts.first);
    if (copies.alike < kOften || !copies.tell() || copies_.contains(back)) continue;
    const bool outbound = inside.contains(hosts.first);
    if (outbound == inside.contains(hosts.second)) continue;
    more[hosts] = copies.hop(outbound);
    // What was seen once was seen where it came from.
    more[back] = outbound ? Hop{.inside = 0, .outside = Hop::kAny} : Hop{.inside = Hop::kAny, .outside = 0};
  }
  hops.merge(more);
}

}  // namespace viaduct::diagnose::sides
