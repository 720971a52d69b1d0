// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "rtp/gap.hpp"

#include <vector>

namespace viaduct::diagnose {

/// What signalling says about the times of one direction: when SDP changed where it is received, and when it was held.
[[nodiscard]] std::vector<rtp::Mark> media_marks(const call::Call& call, call::Party receiver);

}  // namespace viaduct::diagnose
