// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/nat.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::faults {
namespace {

constexpr std::uint16_t kWellKnown = 1024;

std::size_t mix(std::size_t seed, std::size_t value) {
  return (seed ^ value) * 0x9e3779b97f4a7c15ULL;
}

}  // namespace

std::size_t Nat::KeyHash::operator()(const Key& key) const {
  const net::EndpointHash hash;
  return mix(mix(hash(key.inner), hash(key.remote)), static_cast<std::size_t>(key.protocol));
}

std::size_t Nat::OuterHash::operator()(const OuterKey& key) const {
  return mix(net::EndpointHash{}(key.outer), static_cast<std::size_t>(key.protocol));
}

Nat::Nat(NatSettings settings)
    : settings_(std::move(settings)), random_(settings_.seed), next_port_(settings_.first_port) {}

Nat::Key Nat::key_of(Protocol protocol, const net::Endpoint& inner, const net::Endpoint& remote) const {
  switch (settings_.mapping) {
    case Dependence::endpoint_independent:
      return {protocol, inner, {}};
    case Dependence::address:
      return {protocol, inner, {remote.address, 0}};
    case Dependence::address_and_port:
      break;
  }
  return {protocol, inner, remote};
}

base::Duration Nat::lifetime(const NatMapping& mapping) const {
  const NatTimers& timers = settings_.timers;
  switch (mapping.protocol) {
    case Protocol::icmp:
      return timers.icmp;
    case Protocol::tcp:
      return mapping.replied ? timers.tcp_established : timers.tcp_transitory;
    case Protocol::udp:
      break;
  }
  switch (mapping.kind) {
    case FlowKind::sip:
      return timers.sip;
    case FlowKind::media:
      return timers.media;
    case FlowKind::other:
      break;
  }
  return timers.udp;
}

bool Nat::alive(const NatMapping& mapping, base::Instant now) const {
  return now < mapping.last_refresh + lifetime(mapping);
}

bool Nat::lets_in(const NatMapping& mapping, const net::Endpoint& remote) const {
  if (mapping.reserved || settings_.filtering == Dependence::endpoint_independent) return true;
  const bool ports = settings_.filtering == Dependence::address_and_port;
  return std::ranges::any_of(mapping.contacted, [&](const net::Endpoint& known) {
    return known.address == remote.address && (!ports || known.port == remote.port);
  });
}

NatMapping* Nat::outbound(Protocol protocol, const net::Endpoint& inner, const net::Endpoint& remote, FlowKind kind,
                          base::Instant now) {
  const Key key = key_of(protocol, inner, remote);
  NatMapping* mapping = nullptr;
  if (const auto known = by_inner_.find(key); known != by_inner_.end()) {
    const auto at = by_outer_.find({protocol, known->second});
    if (alive(at->second.first, now)) {
      mapping = &at->second.first;
    } else {
      erase(at);
    }
  }
  // What a message was told holds for the flow, whoever it goes to.
  if (mapping == nullptr && key.remote.address.present()) {
    NatMapping* const told = find_inner_exact({protocol, inner, {}}, now);
    if (told != nullptr) mapping = told;
  }
  if (mapping == nullptr) mapping = make(key, 0, kind, now);
  if (mapping == nullptr) return nullptr;
  if (mapping->kind == FlowKind::other) mapping->kind = kind;
  mapping->last_refresh = now;
  remember(*mapping, remote);
  return mapping;
}

void Nat::remember(NatMapping& mapping, const net::Endpoint& remote) {
  std::vector<net::Endpoint>& contacted = mapping.contacted;
  if (!contacted.empty() && contacted.back() == remote) return;
  if (const auto known = std::ranges::find(contacted, remote); known != contacted.end()) {
    std::rotate(known, known + 1, contacted.end());
    return;
  }
  const bool shares = contacted.size() >= kOwnContacted;
  if (shares && (contacted.size() == kMaxContacted || shared_contacted_ == kMaxSharedContacted)) {
    ++forgotten_contacts_;
    contacted.front() = remote;
    std::rotate(contacted.begin(), contacted.begin() + 1, contacted.end());
    return;
  }
  if (shares) ++shared_contacted_;
  contacted.push_back(remote);
}

NatMapping* Nat::inbound(Protocol protocol, const net::Endpoint& outer, const net::Endpoint& remote,
                         base::Instant now) {
  const auto at = by_outer_.find({protocol, outer});
  if (at == by_outer_.end()) return nullptr;
  NatMapping& mapping = at->second.first;
  if (!alive(mapping, now)) {
    erase(at);
    return nullptr;
  }
  if (!lets_in(mapping, remote)) return nullptr;
  mapping.replied = true;
  mapping.last_inbound = now;
  if (settings_.inbound_refresh) mapping.last_refresh = now;
  return &mapping;
}

NatMapping* Nat::find_outer(Protocol protocol, const net::Endpoint& outer) {
  const auto at = by_outer_.find({protocol, outer});
  return at == by_outer_.end() ? nullptr : &at->second.first;
}

NatMapping* Nat::find_inner_exact(const Key& key, base::Instant now) {
  const auto known = by_inner_.find(key);
  if (known == by_inner_.end()) return nullptr;
  NatMapping* const mapping = find_outer(key.protocol, known->second);
  return alive(*mapping, now) ? mapping : nullptr;
}

NatMapping* Nat::find_inner(Protocol protocol, const net::Endpoint& inner, base::Instant now) {
  if (NatMapping* const mapping = find_inner_exact({protocol, inner, {}}, now); mapping != nullptr) return mapping;
  for (auto known = of_inner_.find({protocol, inner}); known != of_inner_.end();
       known = of_inner_.find({protocol, inner})) {
    const auto at = by_outer_.find({protocol, *known->second.begin()});
    if (alive(at->second.first, now)) return &at->second.first;
    // Expired ones go, so that nobody looks at them twice.
    erase(at);
  }
  return nullptr;
}

NatMapping* Nat::find_towards(Protocol protocol, const net::Endpoint& inner, const net::Endpoint& remote,
                              base::Instant now) {
  if (NatMapping* const own = find_inner_exact(key_of(protocol, inner, remote), now); own != nullptr) return own;
  return find_inner_exact({protocol, inner, {}}, now);
}

NatMapping* Nat::reserve(Protocol protocol, const net::Endpoint& inner, std::uint16_t port, FlowKind kind,
                         base::Instant now) {
  NatMapping* mapping = find_inner(protocol, inner, now);
  if (mapping != nullptr && (port == 0 || mapping->outer.port == port)) {
    mapping->kind = kind;
    mapping->last_refresh = now;
    return mapping;
  }
  const Key key{protocol, inner, {}};
  if (const auto known = by_inner_.find(key); known != by_inner_.end())
    erase(by_outer_.find({protocol, known->second}));
  mapping = make(key, port, kind, now);
  if (mapping != nullptr) mapping->reserved = true;
  return mapping;
}

NatMapping* Nat::make(const Key& key, std::uint16_t wanted, FlowKind kind, base::Instant now) {
  if (by_outer_.size() >= kMaxMappings) make_room(now);
  if (by_outer_.size() >= kMaxMappings) return nullptr;
  const std::optional<net::Endpoint> outer = choose_outer(key.protocol, key.inner, wanted, now);
  if (!outer) return nullptr;
  NatMapping mapping;
  mapping.protocol = key.protocol;
  mapping.inner = key.inner;
  mapping.outer = *outer;
  mapping.kind = kind;
  mapping.last_refresh = now;
  by_inner_[key] = *outer;
  of_inner_[{key.protocol, key.inner}].insert(*outer);
  taken_[{key.protocol, {outer->address, 0}}].insert(outer->port);
  return &by_outer_.insert_or_assign({key.protocol, *outer}, std::pair(std::move(mapping), key)).first->second.first;
}

std::optional<net::Endpoint> Nat::choose_outer(Protocol protocol, const net::Endpoint& inner, std::uint16_t wanted,
                                               base::Instant now) {
  const net::Address address = outer_address(inner.address);
  std::uint16_t first = wanted != 0 ? wanted : inner.port;
  if (wanted == 0 && settings_.ports == PortChoice::sequential) {
    first = next_port_;
  } else if (wanted == 0 && settings_.ports == PortChoice::random) {
    first = std::uniform_int_distribution<std::uint16_t>(settings_.first_port, settings_.last_port)(random_);
  }
  // What is wanted is of the range and parity that it should be.
  const std::uint16_t like = wanted != 0 ? wanted : inner.port;
  const std::optional<std::uint16_t> port = free_port(protocol, address, first, like, now);
  if (!port) return std::nullopt;
  if (settings_.ports == PortChoice::sequential)
    next_port_ = *port == settings_.last_port ? settings_.first_port : static_cast<std::uint16_t>(*port + 1);
  return net::Endpoint{address, *port};
}

std::optional<std::uint16_t> Nat::free_port(Protocol protocol, const net::Address& outer, std::uint16_t first,
                                            std::uint16_t inner, base::Instant now) {
  free_if_expired(protocol, {outer, first}, now);
  if (const std::optional<std::uint16_t> port = free_port_from(protocol, outer, first, inner)) return port;
  make_room(now);
  return free_port_from(protocol, outer, first, inner);
}

std::optional<std::uint16_t> Nat::free_port_from(Protocol protocol, const net::Address& outer, std::uint16_t first,
                                                 std::uint16_t inner) {
  // Well-known ports stay among themselves (RFC 4787 REQ-3 a).
  const bool low = inner < kWellKnown && settings_.ports == PortChoice::preserve;
  const std::uint16_t begin = low ? 1 : settings_.first_port;
  const std::uint16_t last = low ? kWellKnown - 1 : settings_.last_port;
  using Parity = PortSet::Parity;
  const Parity parity = !settings_.parity ? Parity::any : (inner & 1U) != 0 ? Parity::odd : Parity::even;
  const PortSet& taken = taken_[{protocol, {outer, 0}}];
  if (first > begin && first <= last)
    if (const std::optional<std::uint16_t> port = taken.lowest_free(first, last, parity)) return port;
  return taken.lowest_free(begin, last, parity);
}

void Nat::free_if_expired(Protocol protocol, const net::Endpoint& outer, base::Instant now) {
  const auto at = by_outer_.find({protocol, outer});
  if (at != by_outer_.end() && !alive(at->second.first, now)) erase(at);
}

net::Address Nat::outer_address(const net::Address& inner) {
  const auto next = [this] { return settings_.outer[next_address_++ % settings_.outer.size()]; };
  if (settings_.outer.size() == 1 || settings_.pooling == Pooling::arbitrary) return next();
  if (paired_.size() >= kMaxPaired) forget_pairs_without_mapping();
  const auto [at, is_new] = paired_.try_emplace(inner);
  if (is_new) at->second = next();
  return at->second;
}

void Nat::forget_pairs_without_mapping() {
  std::unordered_map<net::Address, net::Address, net::AddressHash> kept;
  for (const auto& [key, outer] : by_inner_)
    if (const auto pair = paired_.find(key.inner.address); pair != paired_.end()) kept.insert(*pair);
  paired_ = std::move(kept);
}

void Nat::erase(ByOuter::iterator at) {
  const auto& [mapping, key] = at->second;
  shared_contacted_ -= mapping.contacted.size() - std::min(mapping.contacted.size(), kOwnContacted);
  by_inner_.erase(key);
  const auto of_inner = of_inner_.find({mapping.protocol, mapping.inner});
  of_inner->second.erase(mapping.outer);
  if (of_inner->second.empty()) of_inner_.erase(of_inner);
  taken_[{mapping.protocol, {mapping.outer.address, 0}}].erase(mapping.outer.port);
  by_outer_.erase(at);
}

void Nat::forget(Protocol protocol, const net::Endpoint& outer) {
  if (const auto at = by_outer_.find({protocol, outer}); at != by_outer_.end()) erase(at);
}

void Nat::forget_all() {
  by_inner_.clear();
  by_outer_.clear();
  of_inner_.clear();
  taken_.clear();
  paired_.clear();
  shared_contacted_ = 0;
}

void Nat::expire(base::Instant now) {
  for (auto at = by_outer_.begin(); at != by_outer_.end();) {
    const auto next = std::next(at);
    if (!alive(at->second.first, now)) erase(at);
    at = next;
  }
}

void Nat::make_room(base::Instant now) {
  if (now < next_room_) return;
  next_room_ = now + std::chrono::seconds(1);
  expire(now);
}

bool Nat::is_outer(const net::Address& address) const {
  return std::ranges::find(settings_.outer, address) != settings_.outer.end();
}

}  // namespace viaduct::faults
