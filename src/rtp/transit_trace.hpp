// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::rtp {

/// Transit times of one stream in bounded memory: all packets of the first minutes, later every second, fourth ... of
/// all, evenly; and densely the half second before losses, which congestion is told by. At most 32 KB.
class TransitTrace {
 public:
  static constexpr std::size_t kMost = 4096;
  static constexpr std::uint32_t kTicksPerSecond = 10000;

  class Sample {
   public:
    Sample() = default;
    Sample(std::uint32_t tick, std::int32_t transit_given, bool extra)
        : transit(transit_given), tick_(extra ? tick | kExtra : tick & ~kExtra) {}
    /// Of the arrival, 0.1 ms since the stream's first packet; 31 bits.
    [[nodiscard]] std::uint32_t tick() const { return tick_ & ~kExtra; }
    /// Kept because of a loss, beside the even ones.
    [[nodiscard]] bool extra() const { return (tick_ & kExtra) != 0; }

    std::int32_t transit = 0;  ///< arrival less media time, in microseconds from any origin

   private:
    // Not two bit-fields: they would be written one by one, which waits for the cache at every packet.
    static constexpr std::uint32_t kExtra = 0x80000000;
    std::uint32_t tick_ = 0;
  };

  /// In the order of arrival.
  void add(std::uint32_t tick, std::int32_t transit);
  /// A loss follows: what came in the last half second is kept.
  void keep_recent();
  /// Median of the half second up to the last packet; nullopt for fewer than three.
  [[nodiscard]] std::optional<std::int32_t> recent_median() const;
  [[nodiscard]] const std::vector<Sample>& samples() const { return samples_; }

 private:
  static constexpr std::size_t kRecent = 32;
  static constexpr std::uint32_t kHalfSecond = kTicksPerSecond / 2;

  void thin();

  std::vector<Sample> samples_;
  std::array<Sample, kRecent> recent_{};
  std::size_t count_ = 0;  ///< packets of all
  std::size_t stride_ = 1;
  std::size_t extras_ = 0;
};

}  // namespace viaduct::rtp
