// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_filter.hpp"
#include "capture/unwrapper.hpp"
#include "diagnose/sides/comparison.hpp"
#include "finding/input_summary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace viaduct::app::analyze {

/// Of what arrived; 0: not known, as behind HEP.
[[nodiscard]] inline std::uint8_t ttl_of(const capture::Arrival& arrival) {
  return arrival.packet != nullptr && arrival.hep == nullptr ? arrival.packet->ttl : std::uint8_t{0};
}

/// Captures of both sides of a router, gathered for their comparison: the first side as the analysis reads it, the
/// second side by read(), or by the analysis where one capture holds both. Nothing of the second side becomes a call or
/// a stream of the result.
class TwoSides final : private capture::Receiver {
 public:
  using Side = diagnose::sides::Side;

  /// What the analysis reads. `frame` is the first one of the arrival.
  void add(Side side, const capture::Arrival& arrival, call::FrameRef frame) { add(log(side), arrival, frame); }
  void add_broken(Side side, const capture::StreamEnds& ends, base::Bytes octets, call::FrameRef frame) {
    add_broken(log(side), ends, octets, frame);
  }
  void saw(Side side, capture::Time time) { log(side).saw(time); }
  /// By who captured everywhere at once.
  void saw_whole(Side side, capture::Time time) {
    log(side).whole = true;
    log(side).saw(time);
  }
  void lost(Side side, std::uint64_t frames) { log(side).lost_frames += frames; }

  /// Reads a capture of the other side; `index` is that of `input` in the result. The error: why nothing can be read.
  [[nodiscard]] std::optional<std::string> read(const std::string& path, finding::InputSummary& input,
                                                std::uint16_t index);

  /// Of all that was read, told of what passes `filter` in `window`, which is by the clock of the first side. Valid as
  /// long as this lives and nothing is added.
  [[nodiscard]] diagnose::sides::Comparison compare(const CallFilter& filter,
                                                    std::pair<capture::Time, capture::Time> window) const;

 private:
  [[nodiscard]] diagnose::sides::SideLog& log(Side side) { return side == Side::first ? first_ : second_; }
  static void add_broken(diagnose::sides::SideLog& side, const capture::StreamEnds& ends, base::Bytes octets,
                         call::FrameRef frame);
  static void add(diagnose::sides::SideLog& side, const capture::Arrival& arrival, call::FrameRef frame);

  void arrived(const capture::Arrival& arrival) override;
  void other(const capture::Record& record, base::Bytes frame, const capture::Packet& packet) override;
  void incomplete(const capture::FragmentTable::Incomplete& packet) override;
  void stream_lost(const capture::StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                   std::uint64_t number) override;

  diagnose::sides::SideLog first_;
  diagnose::sides::SideLog second_;
  std::uint16_t input_ = 0;  ///< that is being read
};

}  // namespace viaduct::app::analyze
