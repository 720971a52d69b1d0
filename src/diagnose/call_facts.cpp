// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_facts.hpp"

#include <algorithm>

namespace viaduct::diagnose {

bool CallFacts::has_media(call::Party receiver) const {
  return std::any_of(streams.begin(), streams.end(),
                     [receiver](const StreamFacts& stream) { return stream.receiver == receiver; });
}

}  // namespace viaduct::diagnose
