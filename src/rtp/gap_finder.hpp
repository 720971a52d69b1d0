// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/edge.hpp"
#include "rtp/gap.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::rtp {

/// One interruption between two packets.
struct Hole {
  Edge before;
  Edge after;
  std::uint32_t missing = 0;
  std::int64_t last_position = 0;  ///< of the missing ones, as Sequence::Step counts
  std::optional<base::Duration> media_gap{};
  base::Duration ptime{};
  Break kind = Break::none;
};

/// Between arrival of `before` + ptime and the moment media goes on: until `after`, or, where packets are missing that
/// would have lasted longer, as long as these.
[[nodiscard]] base::Duration length_of(const Hole& hole);
/// The gap that one hole makes, without what was around it.
[[nodiscard]] Gap gap_of(const Hole& hole);

/// Puts holes together to gaps: a hole of 60 ms (what concealment hides) begins one, holes and losses whose onsets are
/// less than a second apart, each with packets missing, are one as long as a quarter of it is silence and a second at
/// most was heard in it, and 200 ms of silence in all make it worth keeping. A pause of the sender (nothing
/// missing, and its clock went on) stands alone: what comfort noise fills every 150 ms is no outage.
class GapFinder {
 public:
  static constexpr base::Duration kConcealed = std::chrono::milliseconds(60);
  static constexpr base::Duration kOutage = std::chrono::milliseconds(200);
  static constexpr base::Duration kMerge = std::chrono::seconds(1);
  static constexpr std::size_t kMostGaps = 256;
  static constexpr std::size_t kMostPauses = 64;  ///< pauses of the sender among them

  /// A gap with transit times as TransitTrace counts them.
  struct Found {
    Gap gap;
    std::optional<std::int32_t> before{};  ///< median of the half second before
    std::optional<std::int32_t> after{};   ///< least of the second after
    std::int64_t first_position = 0;
    std::int64_t last_position = 0;
    std::uint32_t after_packets = 0;
  };

  /// Whether this interruption needs to be told to hole().
  [[nodiscard]] bool wants(base::Duration arrival_gap, std::uint32_t missing, base::Duration ptime) const {
    return arrival_gap - ptime >= kConcealed || missing > 0;
  }
  void hole(const Hole& hole, std::optional<std::int32_t> transit_before);
  /// Every packet after the hole, the first one, too.
  void packet(Time time, base::Duration since_last, base::Duration ptime, std::optional<std::int32_t> transit) {
    if (watching_) watch(time, since_last, ptime, transit);
  }
  /// A missing packet came after all.
  void late(std::int64_t position, base::Duration ptime);

  /// All gaps by now, the one that may still grow, too.
  [[nodiscard]] std::vector<Found> found() const;
  [[nodiscard]] std::uint32_t left_out() const { return left_out_; }
  /// Of these, what is no pause of the sender.
  [[nodiscard]] std::uint32_t breaks_left_out() const { return breaks_left_out_; }

 private:
  /// Losses too short for a hole; part of the gap once a hole follows them.
  struct Tail {
    std::uint32_t missing = 0;
    std::uint32_t runs = 0;
    std::uint32_t longest = 0;
  };

  void watch(Time time, base::Duration since_last, base::Duration ptime, std::optional<std::int32_t> transit);
  void extend(const Hole& hole);
  void close();
  void keep(const Found& found, bool pause);

  std::vector<Found> found_;
  std::optional<Found> open_;
  Tail tail_;
  Time last_onset_{};
  bool watching_ = false;
  bool at_hole_ = false;  ///< the next packet is the one that ended it
  bool in_burst_ = false;
  std::size_t pauses_ = 0;
  std::uint32_t left_out_ = 0;
  std::uint32_t breaks_left_out_ = 0;
};

}  // namespace viaduct::rtp
