// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/media_table.hpp"
#include "call/call.hpp"
#include "finding/stream_summary.hpp"

#include <vector>

namespace viaduct::app::analyze {

/// What of a flow's streams is told, with their gaps and the gaps between one and its successor, which stand with the
/// former. `call` gives direction, what SDP stopped, and what stood near a gap; nullptr if it is not known (any more).
/// Without a MediaFlow::key only streams that have shown to be RTP are told.
[[nodiscard]] std::vector<finding::StreamSummary> summaries_of(const MediaFlow& flow, const call::Call* call);

[[nodiscard]] finding::Endpoint endpoint_of(const net::Endpoint& endpoint);

}  // namespace viaduct::app::analyze
