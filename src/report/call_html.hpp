// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>
#include <vector>

namespace viaduct::report {

/// Cells of a call's row: start, length, from, to, cause, gaps, seconds in gaps, ending, Call-ID.
[[nodiscard]] std::vector<std::string> call_cells(const finding::Result& result, std::uint32_t index);
/// Cells of a stream's row: SSRC, source, destination, codec, expected, lost, jitter, delay, gaps, seconds in
/// gaps, DSCP, MOS.
[[nodiscard]] std::vector<std::string> stream_cells(const finding::StreamSummary& stream);

/// A call with its timeline, gaps and ladder; its id is "call-INDEX". `pictures` counts those of the page.
[[nodiscard]] std::string call_html(const finding::Result& result, std::uint32_t index, std::size_t& pictures);
/// A stream that belongs to no call: timeline and gaps.
[[nodiscard]] std::string stream_html(const finding::Result& result, std::uint32_t index, std::size_t& pictures);

}  // namespace viaduct::report
