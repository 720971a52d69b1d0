// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/comparison.hpp"

#include <functional>

namespace viaduct::diagnose::sides {

/// Of which calls and times of a comparison is told.
struct Selection {
  std::function<bool(const SeenMessage&)> message;     ///< one side alone is enough to choose both copies
  std::function<bool(const net::Endpoint&)> endpoint;  ///< whose media counts whatever SIP says
  Time from = Time::min();                             ///< by the clock of the first side
  Time until = Time::max();
};

/// Leaves out what is not selected: messages, streams that no selected message names, what one side alone has at the
/// edges of the time, and mappings of others. What the other calls taught (clocks, the inner side, which mappings are
/// true, whose manner it is) stays learnt.
void select(Comparison& comparison, const Selection& selection);

}  // namespace viaduct::diagnose::sides
