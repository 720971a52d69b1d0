// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/mapping.hpp"

#include <utility>

namespace viaduct::alg {
namespace {

bool run_is_free(const PortWish& wish, std::uint32_t first, const std::function<bool(std::uint16_t)>& is_free) {
  if (first == 0 || first + wish.run > 65536) return false;
  for (std::uint32_t port = first; port < first + wish.run; ++port)
    if (!is_free(static_cast<std::uint16_t>(port))) return false;
  return true;
}

}  // namespace

const Mapping* MappingTable::find(const MappingKey& key) const {
  const auto it = by_inner_.find(key);
  return it == by_inner_.end() ? nullptr : &it->second;
}

Mapping* MappingTable::find(const MappingKey& key) {
  return const_cast<Mapping*>(std::as_const(*this).find(key));
}

const Mapping* MappingTable::find_outer(const net::Endpoint& outer, WanId wan) const {
  const auto it = by_outer_.find({outer, wan});
  return it == by_outer_.end() ? nullptr : find(MappingKey{it->second, wan});
}

bool MappingTable::add(Mapping mapping) {
  const MappingKey key = mapping.key;
  const MappingKey outer{mapping.outer, key.wan};
  if (by_inner_.contains(key) || (outer.inner.port != 0 && by_outer_.contains(outer))) return false;
  if (outer.inner.port != 0) by_outer_.emplace(outer, key.inner);
  ++per_host_[key.inner.address];
  by_inner_.emplace(key, std::move(mapping));
  return true;
}

void MappingTable::remove(const MappingKey& key) {
  const auto it = by_inner_.find(key);
  if (it == by_inner_.end()) return;
  if (it->second.outer.port != 0) by_outer_.erase({it->second.outer, key.wan});
  const auto host = per_host_.find(key.inner.address);
  if (--host->second == 0) per_host_.erase(host);
  by_inner_.erase(it);
}

void MappingTable::rebase(WanId wan, const net::Address& outer) {
  for (auto& [key, mapping] : by_inner_) {
    if (key.wan != wan || mapping.outer.port == 0 || mapping.outer.address.family != outer.family) continue;
    const net::Endpoint moved{outer, mapping.outer.port};
    if (!by_outer_.emplace(MappingKey{moved, wan}, key.inner).second) continue;
    by_outer_.erase({mapping.outer, wan});
    mapping.outer = moved;
  }
}

std::size_t MappingTable::count_of(const net::Address& inner) const {
  const auto it = per_host_.find(inner);
  return it == per_host_.end() ? 0 : it->second;
}

std::optional<std::uint16_t> choose_port(const PortWish& wish, const PortRange& range,
                                         const std::function<bool(std::uint16_t)>& is_free) {
  if (run_is_free(wish, wish.inner, is_free)) return wish.inner;
  if (wish.only_same || range.last < range.first) return std::nullopt;
  const std::uint32_t span = static_cast<std::uint32_t>(range.last) - range.first + 1;
  const std::uint32_t start = wish.inner * 40503U % span;  // 2^16 / golden ratio spreads neighbours
  for (std::uint32_t step = 0; step < span; ++step) {
    const std::uint32_t port = range.first + (start + step) % span;
    if (wish.parity && (port ^ wish.inner) % 2 != 0) continue;
    if (port + wish.run - 1 <= range.last && run_is_free(wish, port, is_free)) return static_cast<std::uint16_t>(port);
  }
  return std::nullopt;
}

}  // namespace viaduct::alg
