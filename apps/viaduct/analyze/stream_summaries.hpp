// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/media_table.hpp"
#include "diagnose/stream_facts.hpp"
#include "finding/stream_summary.hpp"

namespace viaduct::app::analyze {

/// What is told of a stream of `flow`. `call` gives what stood near a gap; nullptr if it is not known (any more).
[[nodiscard]] finding::StreamSummary summary_of(const diagnose::StreamFacts& facts, const MediaFlow& flow,
                                                const call::Call* call);

[[nodiscard]] finding::Endpoint endpoint_of(const net::Endpoint& endpoint);

}  // namespace viaduct::app::analyze
