// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/behaviour/entry.hpp"

#include <algorithm>
#include <vector>

namespace viaduct::faults {
namespace {

std::vector<BehaviourEntry> sorted_entries() {
  std::vector<BehaviourEntry> all;
  for (const std::span<const BehaviourEntry> table :
       {profile_behaviours(), header_behaviours(), body_behaviours(), loss_behaviours(), media_behaviours()})
    all.insert(all.end(), table.begin(), table.end());
  std::ranges::sort(all, {}, &BehaviourEntry::id);
  return all;
}

}  // namespace

std::span<const BehaviourEntry> behaviours() {
  static const std::vector<BehaviourEntry> all_entries = sorted_entries();
  return all_entries;
}

const BehaviourEntry* find_behaviour(base::Bytes id) {
  const std::span<const BehaviourEntry> all = behaviours();
  const auto at = std::ranges::find(all, id, &BehaviourEntry::id);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace viaduct::faults
