// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/unwrapper.hpp"
#include "diagnose/sides/comparison.hpp"
#include "finding/result.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <unordered_map>

namespace viaduct::app::analyze {

/// Call-IDs as the outer side has them, and as the inner one has them, by their hashes.
using Partners = std::unordered_map<std::uint64_t, std::uint64_t>;

/// Of the messages that both sides have; the first one is the inner one.
[[nodiscard]] Partners partners_of(const diagnose::sides::Comparison& comparison);

/// What phones behind a router look like outside.
struct OuterEnds {
  std::set<net::Endpoint> endpoints;  ///< of the mappings that packets show
  std::set<net::Address> addresses;   ///< of these

  /// Whether SIP comes from one of the endpoints or goes there, and anything else has one of the addresses: of a call
  /// that never came inside no packet shows a mapping for media.
  [[nodiscard]] bool crosses(const capture::Arrival& arrival) const;
};
[[nodiscard]] OuterEnds outer_ends(const diagnose::sides::Comparison& comparison);

/// What is said of the outer side beyond calls that it alone has: of all that crosses the router it is ours. A capture
/// taken elsewhere holds what shares an address with ours, and its calls with a partner are compared, not judged again.
enum class Others : std::uint8_t { told, left_out };

/// What the outer side of a router says by itself and the inner one does not goes into `result`: calls that have no
/// partner inside, streams of which no packet was seen there, and what was found wrong with a call outside alone. The
/// cause of that is not proven by one side where the call was seen on both.
///
/// `outer`: of a capture of the outer side alone, with the same inputs. `result`: before its calls and streams are put
/// in order; `call_of`: the call of each of its streams, or diagnose::kNoCall.
void add_outer_side(finding::Result&& outer, const Partners& partners, Others others, finding::Result& result,
                    std::deque<std::uint32_t>& call_of);

}  // namespace viaduct::app::analyze
