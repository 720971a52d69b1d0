// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/decider.hpp"

#include <algorithm>
#include <array>

namespace viaduct::alg {
namespace {

// Four RTP streams with RTCP on one m= line (kMostPortPairs in decide_sdp.cpp).
constexpr std::size_t kMostRun = 8;

}  // namespace

bool Decider::room_for(std::size_t mappings) const {
  return state_.mappings().count_of(arrival_.inner.address) + pending_.size() + mappings <=
         policy_.limits.pinholes_per_source;
}

// The kernel knows of a flow that it has. Of one whose first packet this is, we know that a private address is not seen
// on the Internet: towards a public platform somebody translates it, and the WAN is ours.
bool Decider::is_translated() {
  if (arrival_.inner.address.is_global()) return false;
  if (!arrival_.flow_asked) {
    decision_.asks_flow = true;
    return false;
  }
  if (arrival_.flow_outer) return arrival_.flow_outer->address == wan().address;
  return arrival_.platform.address.is_global();
}

bool Decider::port_is_free(std::uint16_t port) const {
  const net::Endpoint outer{wan().address, port};
  const auto user = wan().busy.find(port);
  if (user != wan().busy.end() && user->second != net::Endpoint{arrival_.inner.address, port}) return false;
  auto is_pending = [&](const UseMapping& use) { return use.outer == outer; };
  return state_.mappings().find_outer(outer, arrival_.wan) == nullptr &&
         std::none_of(pending_.begin(), pending_.end(), is_pending);
}

const UseMapping* Decider::pending(const MappingKey& key) const {
  for (const UseMapping& use : pending_)
    if (use.key == key) return &use;
  return nullptr;
}

bool Decider::uses(const MappingKey& key) const {
  const std::vector<MappingKey>& ours = association_->mappings;
  return std::find(ours.begin(), ours.end(), key) != ours.end();
}

bool Decider::is_mapped(std::uint16_t port) const {
  const Mapping* mapping = state_.mappings().find({{arrival_.inner.address, port}, arrival_.wan});
  return mapping != nullptr && mapping->kind != MappingKind::watched;
}

// Lists that the association uses a mapping, unless that is so already. `known`: what the table has under the key.
void Decider::use(const MappingKey& key, const Mapping* known, const net::Endpoint& outer, MappingKind kind,
                  base::Bytes spelling) {
  const bool same = known != nullptr && known->outer == outer && (spelling.empty() || known->spelling == spelling);
  if (same && uses(key)) return;
  const UseMapping* before = pending(key);
  if (before != nullptr && (spelling.empty() || before->spelling == spelling)) return;
  pending_.push_back({association_->id, key, outer, kind, std::string(spelling)});
  decision_.changes.emplace_back(pending_.back());
}

// Where requests and responses for `inner` arrive outside.
std::optional<net::Endpoint> Decider::signalling_outer(const net::Endpoint& inner, base::Bytes spelling) {
  const MappingKey key{inner, arrival_.wan};
  const Mapping* known = state_.mappings().find(key);
  if (known != nullptr && known->kind == MappingKind::watched) known = nullptr;
  std::optional<net::Endpoint> outer;
  if (const UseMapping* before = pending(key))
    outer = before->outer;
  else
    outer = known != nullptr ? std::optional(known->outer) : choose_signalling(inner);
  if (outer) use(key, known, *outer, MappingKind::signalling, spelling);
  return outer;
}

// For the flow's own endpoint the kernel may have chosen already: then that port is the truth, whatever we would
// have liked.
std::optional<net::Endpoint> Decider::choose_signalling(const net::Endpoint& inner) {
  if (!room_for(1)) return std::nullopt;
  if (inner == arrival_.inner && !arrival_.flow_asked) {
    decision_.asks_flow = true;
    return std::nullopt;
  }
  if (inner == arrival_.inner && arrival_.flow_outer) {
    const net::Endpoint& outer = *arrival_.flow_outer;
    const bool usable = outer.address.is_global() && state_.mappings().find_outer(outer, arrival_.wan) == nullptr;
    return usable ? arrival_.flow_outer : std::nullopt;
  }
  const std::optional<std::uint16_t> port = choose_port({inner.port, 1, false, false}, policy_.media_ports,
                                                        [this](std::uint16_t p) { return port_is_free(p); });
  if (!port) return std::nullopt;
  return net::Endpoint{wan().address, *port};
}

// Maps `run` consecutive inner ports to consecutive outer ones; ports that have a mapping keep it. False when
// that is not possible (no port, or half of a pair is mapped elsewhere).
bool Decider::map_run(std::uint16_t inner, std::uint16_t run, bool only_same, net::Endpoint& outer) {
  std::array<const Mapping*, kMostRun> known{};
  if (run > known.size() || inner + run > 65536 || !wan().address.present()) return false;
  auto key = [&](std::size_t step) {
    return MappingKey{{arrival_.inner.address, static_cast<std::uint16_t>(inner + step)}, arrival_.wan};
  };
  for (std::size_t step = 0; step < run; ++step) {
    known[step] = state_.mappings().find(key(step));
    if (known[step] != nullptr && known[step]->kind == MappingKind::watched) known[step] = nullptr;
  }
  std::optional<net::Endpoint> first;
  if (const UseMapping* before = pending(key(0))) {
    first = before->outer;
  } else if (known[0] != nullptr) {
    first = known[0]->outer;
  } else if (room_for(run)) {
    const PortWish wish{inner, run, true, only_same};
    const std::optional<std::uint16_t> port =
        choose_port(wish, policy_.media_ports, [this](std::uint16_t p) { return port_is_free(p); });
    if (port) first = net::Endpoint{wan().address, *port};
  }
  if (!first) return false;
  auto place = [&first](std::size_t step) {
    return net::Endpoint{first->address, static_cast<std::uint16_t>(first->port + step)};
  };
  for (std::size_t step = 0; step < run; ++step) {
    const UseMapping* before = pending(key(step));
    const bool fits = before != nullptr        ? before->outer == place(step)
                      : known[step] != nullptr ? known[step]->outer == place(step)
                                               : port_is_free(place(step).port);
    if (!fits) return false;
  }
  for (std::size_t step = 0; step < run; ++step) use(key(step), known[step], place(step), MappingKind::media, {});
  outer = *first;
  return true;
}

}  // namespace viaduct::alg
