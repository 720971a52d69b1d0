// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "call/registration.hpp"
#include "call/subscription.hpp"

#include <string>

/// Calls as text for people. Octets of messages that are not printable come out as \xNN.
namespace viaduct::call {

/// The messages of a call between its endpoints, one a line, times in seconds from `begin`.
///
///        0.000  192.0.2.10:5060  --- INVITE (SDP) -->  192.0.2.20:5060   #1
[[nodiscard]] std::string ladder(const Call& call, Time begin);

/// All facts of a call: parties, times, legs, transactions, dialogs, media over time, how it ended.
[[nodiscard]] std::string facts(const Call& call, Time begin);
[[nodiscard]] std::string facts(const Registration& registration, Time begin);
[[nodiscard]] std::string facts(const Subscription& subscription, Time begin);

}  // namespace viaduct::call
