// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "diagnose/stream_facts.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::diagnose {

/// Index of a site; 0 is the one without a name.
using Site = std::uint16_t;

/// All that is known of one call, at the moment it is over and still whole. Rules that judge calls one by one read it;
/// afterwards only its CallRecord remains.
struct CallFacts {
  const call::Call& call;
  Site site = 0;
  std::vector<StreamFacts> streams{};  ///< those of one m= line and direction one behind the other

  /// Of the direction towards `receiver`, on any leg.
  [[nodiscard]] bool has_media(call::Party receiver) const;
  /// When a party ended it: nobody has to send while a BYE waits for its answer. Where no end was captured, the last
  /// message or packet of it.
  [[nodiscard]] Time ended() const;
};

}  // namespace viaduct::diagnose
