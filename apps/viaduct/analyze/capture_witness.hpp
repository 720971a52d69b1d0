// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/stream.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace viaduct::app::analyze {

/// Whether the capture or the call missed packets: what media of others did at the same time. A flow that came through
/// shows that the capture worked. Both directions of an unrelated conversation missing as well speak for its fault.
/// Both directions of one conversation alone say neither: a link that fails at one end, or a relay that has nothing to
/// hand on, loses both.
class CaptureWitness {
 public:
  static constexpr std::uint32_t kHole = 5;         ///< packets; fewer may be missing at the same time by chance
  static constexpr std::size_t kMostMarks = 4096;   ///< the latest
  static constexpr std::size_t kMostRecent = 1024;  ///< holes that wait for their other direction

  /// Whether the last packet of the stream ended a hole about which nothing is known.
  [[nodiscard]] bool wants(const rtp::Stream& stream) const;
  /// After wants(). `live`: all streams there are, none where there is no time to look at them.
  void ended(const rtp::Stream& stream, std::span<const rtp::Stream* const> live);

  /// For the streams of one conversation.
  [[nodiscard]] std::vector<rtp::Mark> marks(std::span<const rtp::Stream* const> own) const;

 private:
  struct Hole {
    rtp::Time from{};
    rtp::Time until{};
    std::uint32_t ssrc = 0;
    net::Address source{};
    net::Address destination{};
  };
  /// Holes of both directions at the same time; from, until: what they have in common.
  struct Lost {
    rtp::Time from{};
    rtp::Time until{};
    std::array<std::uint32_t, 2> ssrcs{};
    std::array<net::Address, 2> hosts{};
  };

  void pair(const Hole& hole);

  std::deque<Hole> recent_;
  std::deque<Lost> lost_;
  std::deque<rtp::Mark> whole_;
};

}  // namespace viaduct::app::analyze
