// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_record.hpp"
#include "diagnose/sides/comparison.hpp"
#include "rtp/report.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace viaduct::diagnose::sides {

/// A stream of the result, as its packets name it.
struct SeenStream {
  [[nodiscard]] static SeenStream of(const rtp::Report& report, std::uint32_t call = kNoCall) {
    return {call, report.ssrc, report.source, report.destination};
  }

  std::uint32_t call = kNoCall;  ///< as Diagnosis::add() got it
  std::uint32_t ssrc = 0;
  net::Endpoint source{};
  net::Endpoint destination{};
};

/// What the box between two captures did with streams of one of them: what is missing on both sides it did not lose.
class PassedOn {
 public:
  /// Nothing is known.
  PassedOn() = default;
  /// `here`: the side that the streams were captured on. Borrows `comparison`.
  PassedOn(const Comparison& comparison, Side here);

  [[nodiscard]] Side here() const { return here_; }
  /// Both sides of a stream whose way is known; nullptr: not known. Lives as long as the comparison.
  [[nodiscard]] const StreamJoin* join_of(const SeenStream& stream) const;
  /// Whether the capture misses as much of what left the receiver of a stream as does not come there; of what left all
  /// of them where none of that is on the other side.
  [[nodiscard]] bool misses_as_much_of(const SeenStream& stream) const;
  /// Whether the capture missed what passed of a stream at a time, as the other side shows: the stream itself left here
  /// and arrived there, or whatever left here then.
  [[nodiscard]] bool capture_missed(const SeenStream& stream, Time begin, Duration length) const;
  /// Whether all packets of the stream that came to the box left it, as far as they can be compared, and some can.
  [[nodiscard]] bool all_of(const SeenStream& stream) const;
  /// Whether what a stream lacks at an onset it lacked before it came to the box: it was captured here first, or its
  /// packets are missing on the other side as well. `streams`: those of the result.
  [[nodiscard]] bool lacked_before(const Onset& onset, std::span<const SeenStream> streams) const;
  /// Whether at least half of the packets that a stream lacks at an onset came to the box and did not leave it.
  [[nodiscard]] bool lost_between(const Onset& onset, std::span<const SeenStream> streams) const;

 private:
  [[nodiscard]] bool is_covered(Time begin, Time end) const;
  struct Lost {
    std::uint64_t packets = 0;
    std::uint64_t in_holes = 0;  ///< of these in a row for 90 ms and longer: single packets are lost on any path
  };
  /// What did not arrive about a time.
  [[nodiscard]] Lost lost_about(const StreamJoin& join, Time begin, Time end) const;

  const Comparison* comparison_ = nullptr;
  Side here_ = Side::first;
  std::unordered_multimap<std::uint32_t, const StreamJoin*> joins_;  ///< by SSRC here
  std::map<net::Address, Misses> misses_;                            ///< by hosts here
};

}  // namespace viaduct::diagnose::sides
