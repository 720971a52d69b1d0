// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/association.hpp"
#include "alg/policy.hpp"
#include "alg/state.hpp"
#include "net/address.hpp"

#include <cstdint>

namespace viaduct::alg {

/// Why an association may not be opened.
enum class Limit : std::uint8_t {
  none,
  register_from_outside,  ///< only phones inside are followed
  dialogs,
  dialogs_from_outside,
  dialogs_per_source,
  registrations_per_source,
  transactions,
  transactions_per_source,
};

/// The first limit that an association of this kind would go over. `source` is who opens it: the inner address if
/// `inside`, else the address outside. Platforms that the operator named, or at which the inside is registered, have
/// more room than strangers: all calls of a site come from one address.
[[nodiscard]] Limit limit_reached(const Policy& policy, const State& state, AssociationKind kind,
                                  const net::Address& source, bool inside);

}  // namespace viaduct::alg
