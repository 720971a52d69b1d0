// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

/// Rows under headings. A row may be shorter than the heading: its last cells are empty.
struct Table {
  std::string title;
  std::vector<std::string> heading;
  std::vector<std::vector<std::string>> rows;
  std::uint32_t left_out = 0;  ///< rows beyond the limit

  static constexpr std::size_t kMaxColumns = 24;
  static constexpr std::size_t kMaxRows = 256;
  friend bool operator==(const Table&, const Table&) = default;
};

}  // namespace viaduct::finding
