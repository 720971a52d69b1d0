// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "call/registration.hpp"
#include "call/subscription.hpp"

#include <string>

/// What is known as text for people, one fact a line, times in seconds from `begin`. Octets of messages that are not
/// printable ASCII come out as \xNN.
namespace viaduct::call {

/// Parties, times, how it ended, legs with their transactions, dialogs, and media over time.
[[nodiscard]] std::string facts(const Call& call, Time begin);
[[nodiscard]] std::string facts(const Registration& registration, Time begin);
[[nodiscard]] std::string facts(const Subscription& subscription, Time begin);

/// Seconds from `begin` with milliseconds, "-" for kNever.
[[nodiscard]] std::string seconds_text(Time time, Time begin);
/// `octets` with a backslash escape for each that is not printable ASCII.
[[nodiscard]] std::string printable(Bytes octets);

}  // namespace viaduct::call
