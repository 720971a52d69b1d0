// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"
#include "diagnose/call_record.hpp"
#include "rtp/talk_test.hpp"

#include <cstdint>
#include <vector>

/// Records of calls for the tests of what looks at many, without their messages and packets.
namespace viaduct::diagnose::test {

[[nodiscard]] inline Time since_epoch(double seconds) {
  return Time{} + rtp::from_seconds(seconds);
}

/// A call of two hosts, whose media go on from `begin` to `end` and cease at `onsets` for a second each.
[[nodiscard]] inline CallRecord record(std::uint32_t index, const char* caller, const char* callee, double begin,
                                       double end, const std::vector<double>& onsets) {
  CallRecord record{.index = index};
  record.sides[0] = *net::parse_address(caller);
  record.sides[1] = *net::parse_address(callee);
  record.begin = since_epoch(begin);
  record.end = since_epoch(end);
  for (const double onset : onsets)
    record.onsets.push_back(
        {.at = since_epoch(onset), .length = std::chrono::seconds(1), .missing = 50, .kind = rtp::GapClass::hard_hole});
  return record;
}

}  // namespace viaduct::diagnose::test
