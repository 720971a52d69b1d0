// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "finding/evidence.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

/// One field that is not the same on both sides. A range of length 0 is where something was inserted or removed.
struct Change {
  std::string field;        ///< "Contact host", "c= address"
  base::Range before{};     ///< of ByteDiff::before
  base::Range after{};      ///< of ByteDiff::after
  std::string behaviour{};  ///< id of the failure catalogue, empty if none
  bool astray = false;      ///< an address was written that leads nowhere, as packets show

  friend bool operator==(const Change&, const Change&) = default;
};

/// The same message on both sides of a box. Both texts are captured octets.
struct ByteDiff {
  std::string title;
  std::string before;
  std::string after;
  Evidence before_at{};  ///< input, frame and time of each; its octets are empty
  Evidence after_at{};
  std::vector<Change> changes;  ///< in the order of `before`, not overlapping on either side
  std::uint32_t left_out = 0;   ///< changes beyond the limit

  static constexpr std::size_t kMaxOctets = 16384;
  static constexpr std::size_t kMaxChanges = 256;
  friend bool operator==(const ByteDiff&, const ByteDiff&) = default;
};

}  // namespace viaduct::finding
