// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/alg_profile.hpp"
#include "faults/crossing.hpp"

namespace viaduct::faults {

/// Rewrites a message as `profile` says: outbound inner endpoints become outer ones, with mappings made where the
/// profile makes them; inbound what echoes them is turned back.
void rewrite(const AlgProfile& profile, Crossing& crossing);

}  // namespace viaduct::faults
