// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/association.hpp"

#include <algorithm>

namespace viaduct::alg {

base::Bytes text(AssociationKind kind) {
  static constexpr std::array<base::Bytes, 4> names = {"call", "registration", "subscription", "transaction"};
  return names[static_cast<std::size_t>(kind)];
}

base::Bytes text(Phase phase) {
  static constexpr std::array<base::Bytes, 3> names = {"early", "confirmed", "ending"};
  return names[static_cast<std::size_t>(phase)];
}

void EventRing::push(const Event& event) {
  if (events_.size() < kCapacity) {
    events_.push_back(event);
    return;
  }
  events_[first_] = event;
  first_ = (first_ + 1) % kCapacity;
}

const LedgerEntry* Association::entry(Field field) const {
  const auto it =
      std::find_if(ledger.begin(), ledger.end(), [field](const LedgerEntry& e) { return e.field == field; });
  return it == ledger.end() ? nullptr : &*it;
}

const LedgerEntry* Association::entry_by_outer(Field field, base::Bytes outer) const {
  const auto it = std::find_if(ledger.begin(), ledger.end(),
                               [&](const LedgerEntry& e) { return e.field == field && e.outer == outer; });
  return it == ledger.end() ? nullptr : &*it;
}

}  // namespace viaduct::alg
