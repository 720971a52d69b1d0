// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/mapping_table.hpp"

#include <algorithm>

namespace viaduct::diagnose::sides {

void MappingTable::add(const net::Endpoint& inner, const net::Endpoint& outer, Time time, bool signalling) {
  const auto at = mappings_.find({inner, outer});
  if (at == mappings_.end() && mappings_.size() >= kMost) return;
  Mapping& mapping = at != mappings_.end() ? at->second : mappings_[{inner, outer}];
  if (mapping.packets == 0) {
    mapping = {inner, outer, time, time, signalling, 0};
    inner_.insert(inner.address);
    outer_.insert(outer.address);
  }
  mapping.first = std::min(mapping.first, time);
  mapping.last = std::max(mapping.last, time);
  mapping.signalling = mapping.signalling || signalling;
  ++mapping.packets;
}

std::vector<Mapping> MappingTable::all() const {
  std::vector<Mapping> list(mappings_.size());
  std::ranges::transform(mappings_, list.begin(), [](const auto& known) { return known.second; });
  return list;
}

std::vector<Mapping> MappingTable::of(const net::Endpoint& inner) const {
  std::vector<Mapping> list;
  for (auto at = mappings_.lower_bound({inner, net::Endpoint{}}); at != mappings_.end() && at->first.first == inner;
       ++at)
    list.push_back(at->second);
  std::sort(list.begin(), list.end(), [](const Mapping& a, const Mapping& b) { return a.first < b.first; });
  return list;
}

Truth MappingTable::truth(const net::Endpoint& inner, const net::Endpoint& outer) const {
  if (mappings_.contains({inner, outer})) return Truth::mapped;
  if (is_inner(inner.address) && !is_outer(outer.address)) return Truth::address;
  return of(inner).empty() ? Truth::unknown : Truth::port;
}

}  // namespace viaduct::diagnose::sides
