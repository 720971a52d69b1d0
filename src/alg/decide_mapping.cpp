// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/decider.hpp"

#include <algorithm>

namespace viaduct::alg {

bool Decider::room_for(std::size_t mappings) const {
  return state_.mappings().count_of(arrival_.inner.address) + pending_.size() + mappings <=
         policy_.limits.pinholes_per_source;
}

bool Decider::port_is_free(std::uint16_t port) const {
  const net::Endpoint outer{wan().address, port};
  const auto user = wan().busy.find(port);
  if (user != wan().busy.end() && user->second != net::Endpoint{arrival_.inner.address, port}) return false;
  auto is_pending = [&](const UseMapping& use) { return use.outer == outer; };
  return state_.mappings().find_outer(outer) == nullptr && std::none_of(pending_.begin(), pending_.end(), is_pending);
}

// The outer endpoint of a mapping that exists or is part of this decision; watched ones have none.
const net::Endpoint* Decider::outer_of(const MappingKey& key, MappingKind at_least) const {
  for (const UseMapping& use : pending_)
    if (use.key == key) return &use.outer;
  const Mapping* mapping = state_.mappings().find(key);
  if (mapping == nullptr || (at_least != MappingKind::watched && mapping->kind == MappingKind::watched)) return nullptr;
  return &mapping->outer;
}

void Decider::use(const MappingKey& key, const net::Endpoint& outer, MappingKind kind, base::Bytes spelling) {
  const Mapping* known = state_.mappings().find(key);
  const std::vector<MappingKey>& ours = association_->mappings;
  const bool joined = known != nullptr && std::find(ours.begin(), ours.end(), key) != ours.end();
  const bool same = joined && known->outer == outer && (spelling.empty() || known->spelling == spelling);
  auto is_pending = [&](const UseMapping& use) {
    return use.key == key && (spelling.empty() || use.spelling == spelling);
  };
  if (same || std::any_of(pending_.begin(), pending_.end(), is_pending)) return;
  pending_.push_back({association_->id, key, outer, kind, std::string(spelling)});
  decision_.changes.emplace_back(pending_.back());
}

// Where requests and responses for `inner` arrive outside. For the flow's own endpoint the kernel may have
// chosen already: then that port is the truth, whatever we would have liked.
std::optional<net::Endpoint> Decider::signalling_outer(const net::Endpoint& inner, base::Bytes spelling) {
  const MappingKey key{inner, arrival_.wan};
  std::optional<net::Endpoint> outer;
  if (const net::Endpoint* known = outer_of(key, MappingKind::signalling)) {
    outer = *known;
  } else {
    if (!room_for(1)) return std::nullopt;
    if (inner == arrival_.inner) {
      if (!arrival_.flow_asked) {
        decision_.asks_flow = true;
        return std::nullopt;
      }
      outer = arrival_.flow_outer;
      if (outer && (!outer->address.is_global() || state_.mappings().find_outer(*outer) != nullptr))
        return std::nullopt;
    }
    if (!outer) {
      const std::optional<std::uint16_t> port = choose_port({inner.port, 1, false, false}, policy_.media_ports,
                                                            [this](std::uint16_t p) { return port_is_free(p); });
      if (!port) return std::nullopt;
      outer = net::Endpoint{wan().address, *port};
    }
  }
  use(key, *outer, MappingKind::signalling, spelling);
  return outer;
}

// Maps `run` consecutive inner ports to consecutive outer ones; ports that have a mapping keep it. False when
// that is not possible (no port, or half of a pair is mapped elsewhere).
bool Decider::map_run(std::uint16_t inner, std::uint16_t run, bool only_same, std::uint16_t& outer) {
  auto key = [&](std::uint16_t step) {
    return MappingKey{{arrival_.inner.address, static_cast<std::uint16_t>(inner + step)}, arrival_.wan};
  };
  if (inner + run > 65536) return false;
  const net::Endpoint* first = outer_of(key(0), MappingKind::media);
  std::optional<std::uint16_t> port;
  if (first != nullptr) {
    port = first->port;
  } else if (room_for(run)) {
    const PortWish wish{inner, run, true, only_same};
    port = choose_port(wish, policy_.media_ports, [this](std::uint16_t p) { return port_is_free(p); });
  }
  if (!port) return false;
  for (std::uint16_t step = 0; step < run; ++step) {
    const net::Endpoint wanted{wan().address, static_cast<std::uint16_t>(*port + step)};
    const net::Endpoint* known = outer_of(key(step), MappingKind::media);
    if (known != nullptr ? known->port != wanted.port : !port_is_free(wanted.port)) return false;
  }
  for (std::uint16_t step = 0; step < run; ++step)
    use(key(step), {wan().address, static_cast<std::uint16_t>(*port + step)}, MappingKind::media, {});
  outer = *port;
  return true;
}

}  // namespace viaduct::alg
