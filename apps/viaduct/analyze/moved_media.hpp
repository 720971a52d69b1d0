// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/media_table.hpp"
#include "diagnose/stream_facts.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace viaduct::app::analyze {

/// Media that no SIP names, and whose endpoints change in mid-call: what comes from another port, or goes to another
/// one, is what came before if its SSRC is the same, one end or both hosts stay, and numbers and time stamps go on
/// where they were; behind more than 3 s only where the other direction went on meanwhile. Calls that happen to have
/// one SSRC are told apart by that, but for those of a phone that follow one another within 3 s; and so are the legs of
/// a relay and the copies of a stream, which run side by side.
///
/// For each flow the index of the one that stands for all that are one. Flows of calls stand for themselves.
[[nodiscard]] std::vector<std::size_t> joined_by_numbers(std::span<const MediaFlow* const> flows);

/// Puts such flows together, so that what lies between their streams is a gap. What runs the other way between any of
/// their endpoints gets the same MediaFlow::ends, reversed.
void join_moved(std::vector<std::unique_ptr<MediaFlow>>& flows);

/// How many of the streams of a conversation go on with another one.
[[nodiscard]] std::size_t parts_of_others(std::span<const diagnose::StreamFacts> streams);

}  // namespace viaduct::app::analyze
