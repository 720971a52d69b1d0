// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/pictures.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace viaduct::app::analyze {

void Pictures::add(finding::Result& result, std::optional<std::uint32_t> call, std::uint32_t first_stream) {
  Entry& added = entries_.emplace_back();
  added.call = call;
  added.first_stream = first_stream;
  added.last_stream = static_cast<std::uint32_t>(result.streams.size());
  for (std::uint32_t i = first_stream; i < added.last_stream; ++i) {
    added.in_gaps = std::max(added.in_gaps, result.streams[i].time_in_gaps());
    added.lost += result.streams[i].lost;
  }
  if (entries_.size() < 2 * kKept) return;
  const auto keep = entries_.begin() + kKept;
  std::nth_element(entries_.begin(), keep, entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.in_gaps, a.lost) > std::tie(b.in_gaps, b.lost);
  });
  for (auto entry = keep; entry != entries_.end(); ++entry) {
    if (entry->call) {
      result.calls[*entry->call].ladder = std::nullopt;
      result.calls[*entry->call].timeline = std::nullopt;
    }
    for (std::uint32_t i = entry->first_stream; i < entry->last_stream; ++i) result.streams[i].series = std::nullopt;
  }
  entries_.erase(keep, entries_.end());
}

}  // namespace viaduct::app::analyze
