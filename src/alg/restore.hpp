// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/journal.hpp"
#include "alg/state.hpp"
#include "base/bytes.hpp"

namespace viaduct::alg {

/// Replays a journal into `state`, which is empty but for the WANs of this run in State::wans(), with their interfaces.
/// Dialogs and mappings find their WAN by the name of its interface, wherever it stands in the list now. What
/// belongs to a WAN that is not in the list is kept, on a WAN behind it with Wan::exists false.
[[nodiscard]] Replay restore(base::Bytes journal, const ClockReading& now, State& state);

}  // namespace viaduct::alg
