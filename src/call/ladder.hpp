// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"

#include <string>

namespace viaduct::call {

/// The messages of a call between the endpoints that sent and received them, in the order of time; marks of the flow
/// and changes of media between them. Lines end in LF without blanks before it.
///
///                 192.0.2.10:5060           192.0.2.20:5060
///       0.000            |------ INVITE (SDP) ------->|           #1
///       0.120            |<---------- 180 ------------|           #2
[[nodiscard]] std::string ladder(const Call& call, Time begin);

}  // namespace viaduct::call
