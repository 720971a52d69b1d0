// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "stat/quantiles.hpp"
#include "stat/transit.hpp"

#include <cstddef>
#include <span>

namespace viaduct::stat {

/// Consecutive losses of one stream.
struct LossRun {
  double at = 0;            ///< arrival of the last packet before them, the clock of Transit::arrival
  std::size_t packets = 0;  ///< lost in a row
};

/// Lengths of the loss runs of one stream.
struct RunLengths {
  std::size_t runs = 0;
  double mean = 0;
  std::size_t longest = 0;
  double short_share = 0;  ///< runs under 10 packets (200 ms), of all
  double p_longest = 1;    ///< P(a longest run like this or longer | geometric runs of that mean)
};

/// A queue loses short runs of geometric length. A small p_longest says that the longest run has another cause: a hole.
/// Limit: the mean includes the longest run, which makes p_longest conservative.
[[nodiscard]] RunLengths run_lengths(std::span<const LossRun> losses);

/// What of a congested queue can be seen in one stream; absence is quantified, too.
struct Congestion {
  MedianSpread baseline;      ///< of the relative transit time, seconds
  double threshold = 0;       ///< a rise is more than this above the median: the greater of 20 ms and 3 MAD
  std::size_t judged = 0;     ///< losses with three packets and more in the half second before them
  std::size_t risen = 0;      ///< of these, the median transit before them lay above the threshold
  double p_trend = 1;         ///< Mann-Kendall over the half second before each loss that begins a group of losses
  std::size_t groups = 0;     ///< of losses, half a second and more apart
  std::size_t in_spikes = 0;  ///< lost packets within spikes of the transit time
  std::size_t outside = 0;    ///< lost packets outside
  RunLengths runs;

  /// The signature without which "bandwidth" must not be said. At least half of the losses judged after a rise, a trend
  /// with p < 1 %, and 95 % of the runs short. Or, for queues that are full for long, nearly all losses after a rise
  /// and within spikes; or, for those that fill faster than the half second that is looked at, a trend with p < 1e-6
  /// and most losses within spikes; runs short in 85 % then. Or, whatever the spikes and the trend say of a queue that
  /// is full more often than not, four fifths of 30 losses and more, in seven groups, after a rise, and 95 % of the
  /// runs short.
  [[nodiscard]] bool present() const;
};

/// Null hypothesis: delay knows nothing of the losses to come. Spikes after Cen, Cosman, Voelker 2003: one begins above
/// min + 1/2 (max - min) and ends below min + 1/3, and where the transit times differ by 20 ms at most there is none.
/// Limits: delay and loss need not go together (a policer, a short queue), so absence is no proof of another cause; a
/// queue that stays full all through the stream has no rise. `packets` as relative_transit() takes and gives them;
/// `losses` ascend. `usual`: relative transit times of packets that were not chosen by the losses; `relative` itself
/// if it holds all of them.
[[nodiscard]] Congestion congestion(std::span<const Transit> packets, std::span<const double> relative,
                                    std::span<const double> usual, std::span<const LossRun> losses);

}  // namespace viaduct::stat
