// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::finding {

/// What a tool calls the sites of captures that it tells apart itself: the far side of a router in one capture with the
/// near one, and a capture that was given for comparison.
inline constexpr char kOuterSide[] = "outer side";
inline constexpr char kOtherSide[] = "other side";

/// A file, or whatever else was looked at.
struct InputSummary {
  std::string path;
  std::string site{};
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;
  std::optional<Time> first{};
  std::optional<Time> last{};
  std::vector<std::string> problems{};  ///< "cut at octet 4711", "cannot be read: ..."
  std::uint32_t problems_left_out = 0;

  static constexpr std::size_t kMaxProblems = 32;
  friend bool operator==(const InputSummary&, const InputSummary&) = default;
};

}  // namespace viaduct::finding
