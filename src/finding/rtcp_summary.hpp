// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace viaduct::finding {

/// VoIP metrics of RTCP XR (RFC 3611 4.7) over the whole call, as the receiver measured them.
struct VoipSummary {
  double loss = 0;     ///< share lost on the path, 0 to 1
  double discard = 0;  ///< share that came too late or early for the jitter buffer
  double burst_density = 0;
  double gap_density = 0;
  double burst_ms = 0;  ///< mean length
  double gap_ms = 0;
  std::optional<double> round_trip_ms{};
  double end_system_delay_ms = 0;
  double buffer_ms = 0;  ///< nominal delay of the jitter buffer
  std::optional<double> rating{};
  std::optional<double> mos_listening{};
  std::optional<double> mos_conversing{};

  friend bool operator==(const VoipSummary&, const VoipSummary&) = default;
};

/// What RTCP says of one stream: how its receiver hears it behind the place of capture, and what its sender sent before
/// it (RFC 3550 6.4).
struct RtcpSummary {
  /// From the place of capture to the receiver and back, milliseconds.
  struct RoundTrip {
    double least = 0;
    double mean = 0;
    double highest = 0;
    friend bool operator==(const RoundTrip&, const RoundTrip&) = default;
  };
  /// Milliseconds.
  struct Jitter {
    double mean = 0;
    double highest = 0;
    friend bool operator==(const Jitter&, const Jitter&) = default;
  };
  std::uint32_t reports = 0;      ///< of receivers; without any the next four are 0 or unknown
  double fraction_lost_mean = 0;  ///< 0 to 1
  double fraction_lost_highest = 0;
  std::int32_t lost = 0;           ///< cumulative, as the last report says; duplicates make it smaller
  std::optional<Jitter> jitter{};  ///< unknown without a clock rate
  std::optional<RoundTrip> round_trip{};
  std::uint32_t sender_reports = 0;
  std::optional<std::uint32_t> sent{};  ///< packets, as the last sender report says
  std::optional<VoipSummary> voip{};

  friend bool operator==(const RtcpSummary&, const RtcpSummary&) = default;
};

}  // namespace viaduct::finding
