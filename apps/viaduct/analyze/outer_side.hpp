// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/unwrapper.hpp"
#include "diagnose/sides/comparison.hpp"
#include "finding/result.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace viaduct::app::analyze {

/// Call-IDs as the outer side has them, and as the inner one has them, by their hashes.
using Partners = std::unordered_map<std::uint64_t, std::uint64_t>;

/// Of the messages that both sides have; the first one is the inner one.
[[nodiscard]] Partners partners_of(const diagnose::sides::Comparison& comparison);

/// What is ours of the capture of an outer side.
struct OuterEnds {
  std::set<net::Endpoint> endpoints;  ///< of the mappings that packets show
  std::set<net::Address> addresses;   ///< of these
  /// Hashes of the Call-IDs that calls have there whose messages have partners and whose media need not: a proxy with a
  /// relay is between, or a router that translates nothing and so shows no way. What is wrong with them is told in any
  /// case.
  std::unordered_set<std::uint64_t> calls;
  /// SSRCs of streams that are not compared, as they share no end with those inside.
  std::unordered_set<std::uint32_t> streams;

  /// Whether SIP comes from one of the endpoints or goes there, or is of one of the calls, and anything else has one of
  /// the addresses: of a call that never came inside no packet shows a mapping for media. Beside calls, and where
  /// streams share no end, all media may be theirs.
  [[nodiscard]] bool crosses(const capture::Arrival& arrival) const;
};

/// What is said of the outer side beyond calls that it alone has: of all that crosses the router it is ours. A capture
/// taken elsewhere holds what shares an address with ours, and its calls with a partner are compared, not judged again.
enum class Others : std::uint8_t { told, left_out };

/// How the outer side is judged by itself.
struct OuterReading {
  std::optional<OuterEnds> only{};  ///< nullopt: all that it holds
  Others others = Others::told;
  const char* side = finding::kOuterSide;
};

/// Of a second file: what packets show to cross a router, and calls that are compared in part; all of it where nothing
/// is on both sides; nullopt where nothing is to be judged.
[[nodiscard]] std::optional<OuterReading> outer_reading(const diagnose::sides::Comparison& comparison);

/// What the outer side of a router says by itself and the inner one does not goes into `result`: calls that have no
/// partner inside, streams of which no packet was seen there, and what was found wrong with a call outside alone. The
/// cause of that is not proven by one side where the call was seen on both.
///
/// `outer`: of a capture of the outer side alone, with the same inputs. `result`: before its calls and streams are put
/// in order; `call_of`: the call of each of its streams, or diagnose::kNoCall.
void add_outer_side(finding::Result&& outer, const Partners& partners, const OuterReading& reading,
                    finding::Result& result, std::deque<std::uint32_t>& call_of);

}  // namespace viaduct::app::analyze
