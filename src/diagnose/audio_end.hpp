// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_facts.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::diagnose {

/// Audio towards one party that ceased and did not come back, although SDP let it flow and the call went on. Who leaves
/// silence out may be silent to the end, hardly longer than he has been before, and has none: unless both directions
/// ended at once, or the audio was seen to go on elsewhere.
struct AudioEnd {
  /// What SDP of the receiver said about its media right before.
  struct Change {
    call::EventKind kind{};
    Time time{};
    call::FrameRef frame;
  };
  static constexpr Duration kShortest = std::chrono::seconds(10);
  /// Within which routers leave a flow to their hardware: what captures on them sees it no more.
  static constexpr Duration kTakenOver = std::chrono::seconds(5);

  std::uint32_t stream = 0;  ///< the one that ceased: index of CallFacts::streams; in CallOutcome, of Result::streams
  call::Party receiver = call::Party::caller;
  Duration heard{};          ///< from the first to the last packet towards the receiver
  bool both = false;         ///< audio of both directions ceased within two seconds
  bool pausing = false;      ///< and both senders leave silence out
  bool noise = false;        ///< the last packet was comfort noise: silence was to follow
  std::uint64_t frame = 0;   ///< of the last packet, as call::pack has it
  Time last{};               ///< its time
  Time at{};                 ///< when the next one was due
  Duration age{};            ///< from the answer to `at`
  Duration length{};         ///< for how long audio was due and did not come
  Duration receiver_sent{};  ///< and for how much of it the receiver was heard itself
  std::optional<Change> change{};
  std::uint64_t unheard = 0;   ///< packets that its sender counts beyond the last one (RTCP); 0: too few, or not known
  rtp::SenderCount counted{};  ///< and where it says so
  std::optional<std::uint32_t> beside{};  ///< the same audio, which went on at another place; index as of `stream`
};

/// Those of an answered call.
[[nodiscard]] std::vector<AudioEnd> audio_ends(const CallFacts& facts);

/// Each of them as the last gap of its stream.
void add_ends(CallFacts& facts);

}  // namespace viaduct::diagnose
