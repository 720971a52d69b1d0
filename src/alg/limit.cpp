// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/limit.hpp"

#include <algorithm>

namespace viaduct::alg {
namespace {

bool is_known_platform(const Policy& policy, const State& state, const net::Address& source) {
  return state.registrations_at(source) > 0 ||
         std::any_of(policy.platforms.begin(), policy.platforms.end(),
                     [&](const PlatformRule& rule) { return rule.address && rule.address->contains(source); });
}

}  // namespace

Limit limit_reached(const Policy& policy, const State& state, AssociationKind kind, const net::Address& source,
                    bool inside) {
  const Limits& limits = policy.limits;
  const Usage& all = state.usage();
  const Usage own = state.usage_of(source);
  const bool platform = !inside && is_known_platform(policy, state, source);
  if (kind == AssociationKind::transaction) {
    if (all.transactions >= limits.transactions()) return Limit::transactions;
    if (!inside && all.transactions_outside >= limits.transactions_from_outside()) return Limit::transactions;
    const bool full = !platform && own.transactions >= limits.transactions_per_source();
    return full ? Limit::transactions_per_source : Limit::none;
  }
  const bool registration = kind == AssociationKind::registration;
  if (registration && !inside) return Limit::register_from_outside;
  if (all.dialogs + all.registrations >= limits.dialogs) return Limit::dialogs;
  const std::uint32_t outside = platform ? limits.dialogs_from_platforms() : limits.dialogs_from_outside();
  if (!inside && all.dialogs_outside >= outside) return Limit::dialogs_from_outside;
  if (registration)
    return own.registrations >= limits.registrations_per_source ? Limit::registrations_per_source : Limit::none;
  return !platform && own.dialogs >= limits.dialogs_per_source ? Limit::dialogs_per_source : Limit::none;
}

}  // namespace viaduct::alg
