// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/series.hpp"

#include <algorithm>

namespace viaduct::rtp {

void Series::fold() {
  const std::size_t folded = (cells_.size() + 1) / 2;
  for (std::size_t i = 0; i < folded; ++i) {
    Cell sum = cells_[2 * i];
    if (2 * i + 1 < cells_.size()) {
      const Cell& other = cells_[2 * i + 1];
      sum.packets += other.packets;
      sum.lost += other.lost;
      sum.low = std::min(sum.low, other.low);
      sum.high = std::max(sum.high, other.high);
    }
    cells_[i] = sum;
  }
  cells_.resize(folded);
  step_ *= 2;
}

Series::Cell& Series::cell_at(std::uint32_t tick) {
  while (tick / step_ >= kMostCells) fold();
  const std::size_t index = tick / step_;
  if (index >= cells_.size()) cells_.resize(index + 1);
  return cells_[index];
}

void Series::packet(std::uint32_t tick, std::optional<std::int32_t> transit) {
  Cell& cell = cell_at(tick);
  ++cell.packets;
  if (!transit) return;
  cell.low = std::min(cell.low, *transit);
  cell.high = std::max(cell.high, *transit);
}

void Series::missing(std::uint32_t before, std::uint32_t after, std::uint32_t packets) {
  Cell& last = cell_at(after);  // may fold
  const std::uint64_t time = after > before ? after - before : 1;
  std::uint32_t told = 0;
  // As they would have come: evenly over the hole.
  for (std::uint64_t i = before / step_; i < after / step_; ++i) {
    const std::uint64_t until = (i + 1) * step_ - before;
    const auto by_then = static_cast<std::uint32_t>(packets * until / time);
    cells_[i].lost += by_then - told;
    told = by_then;
  }
  last.lost += packets - told;
}

void Series::late() {
  for (std::size_t i = cells_.size(); i > 0; --i) {
    if (cells_[i - 1].lost == 0) continue;
    --cells_[i - 1].lost;
    return;
  }
}

}  // namespace viaduct::rtp
