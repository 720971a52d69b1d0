// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "diagnose/call_facts.hpp"
#include "finding/call_summary.hpp"

namespace viaduct::app::analyze {

/// What of a finished call is told; its cause is "not proven", as nothing has been judged. Without ladder, timeline
/// and streams.
[[nodiscard]] finding::CallSummary summary_of(const diagnose::CallFacts& facts);
/// Its messages between the endpoints that sent and received them.
[[nodiscard]] finding::Ladder ladder_of(const call::Call& call);
/// Its signalling on the axis of time, from its first to its last message.
[[nodiscard]] finding::Timeline timeline_of(const call::Call& call);

}  // namespace viaduct::app::analyze
