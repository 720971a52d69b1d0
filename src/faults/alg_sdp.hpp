// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "edit/edit_list.hpp"
#include "faults/alg_profile.hpp"
#include "faults/crossing.hpp"
#include "sip/message.hpp"

namespace viaduct::faults {

/// The SDP part of rewrite(), for a message from the inside: lists edits, and makes the mappings behind them.
void rewrite_sdp(const AlgProfile& profile, Crossing& crossing, const sip::Message& message, edit::EditList& edits);

}  // namespace viaduct::faults
