// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::app::analyze {

/// Which calls keep what a page draws (ladder, timeline, loss and delay by second): those whose streams spent the most
/// time in gaps, then those that lost the most. A page draws a few, and a day has ten thousand.
class Pictures {
 public:
  static constexpr std::size_t kKept = 256;

  /// A call (nullopt: media that no SIP names) came into the result, with its streams from `first_stream` to the last
  /// one. Past twice kKept the half that is least bad loses its pictures.
  void add(finding::Result& result, std::optional<std::uint32_t> call, std::uint32_t first_stream);

 private:
  struct Entry {
    std::optional<std::uint32_t> call;
    std::uint32_t first_stream = 0;
    std::uint32_t last_stream = 0;  ///< behind the last one
    finding::Duration in_gaps{};
    std::uint64_t lost = 0;
  };
  std::vector<Entry> entries_;
};

}  // namespace viaduct::app::analyze
