// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace viaduct::rtp {

/// Packets, losses and transit times of one stream by second, in bounded memory (10 KB): of a stream longer than
/// kMostCells seconds a cell is two of them, then four ... What a picture of a call is drawn from. Ticks are those of
/// TransitTrace, 0.1 ms since the stream's first packet.
class Series {
 public:
  static constexpr std::size_t kMostCells = 600;
  static constexpr std::uint32_t kTicksPerSecond = 10000;

  struct Cell {
    std::uint32_t packets = 0;                                    ///< that came in it
    std::uint32_t lost = 0;                                       ///< whose time to come it was
    std::int32_t low = std::numeric_limits<std::int32_t>::max();  ///< transit, as TransitTrace counts it
    std::int32_t high = std::numeric_limits<std::int32_t>::min();

    [[nodiscard]] bool timed() const { return low <= high; }
  };

  void packet(std::uint32_t tick, std::optional<std::int32_t> transit);
  /// Packets that did not come between the ticks of those before and after them.
  void missing(std::uint32_t before, std::uint32_t after, std::uint32_t packets);
  /// One of them came after all.
  void late();

  /// From the first packet on, without holes; the last one may be of less than step() ticks.
  [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }
  [[nodiscard]] std::uint32_t step() const { return step_; }

 private:
  Cell& cell_at(std::uint32_t tick);
  void fold();

  std::vector<Cell> cells_;
  std::uint32_t step_ = kTicksPerSecond;
};

}  // namespace viaduct::rtp
