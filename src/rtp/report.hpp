// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "rtp/gap.hpp"
#include "rtp/time.hpp"
#include "stat/congestion.hpp"
#include "stat/emodel.hpp"
#include "stat/transit.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::rtp {

/// A payload type and how many packets had it.
struct PayloadUse {
  std::uint8_t payload_type = 0;
  std::uint32_t packets = 0;
  friend bool operator==(const PayloadUse&, const PayloadUse&) = default;
};

/// A code point of the IP header and how many packets had it.
struct DscpUse {
  std::uint8_t dscp = 0;
  std::uint32_t packets = 0;
  friend bool operator==(const DscpUse&, const DscpUse&) = default;
};

/// An advance of the time stamp from one packet to the next, and how often it was seen.
struct PtimeUse {
  base::Duration ptime{};
  std::uint32_t packets = 0;
  friend bool operator==(const PtimeUse&, const PtimeUse&) = default;
};

/// RFC 3550 6.4.1, in seconds. telephone-event is left out, as its time stamp stands still; so are duplicates, and the
/// step between two time bases at a restart.
struct JitterReport {
  double mean = 0;
  double highest = 0;
  double last = 0;
};

/// Packet delay variation (RFC 5481 4.2) without the skew of the two clocks: how far above the fastest packet, in
/// seconds. Of long streams a sample.
struct DelayReport {
  double median = 0;
  double p95 = 0;
  double p99 = 0;
  double p999 = 0;
  double skew = 0;  ///< of the sender's clock against the capture's, seconds per second
};

/// Energy of G.711.
struct SilenceReport {
  std::uint32_t judged = 0;  ///< packets whose samples were looked at
  std::uint32_t silent = 0;  ///< of these, under -60 dBov
  double level = -100;       ///< of all judged, dBov
  Time longest_at{};         ///< where the longest silence began
  base::Duration longest{};  ///< until the next packet that was not silent
};

/// A step of StreamSeries.
struct SeriesPoint {
  /// How far above the fastest packet of the stream, without the skew of the clocks, in seconds.
  struct Delay {
    double low = 0;
    double high = 0;
  };
  std::uint32_t packets = 0;  ///< that came in it, duplicates not counted
  std::uint32_t lost = 0;     ///< that should have come in it
  std::optional<Delay> delay{};
};

/// Loss and delay over the time of a stream, at most Series::kMostCells points.
struct StreamSeries {
  base::Duration step = std::chrono::seconds(1);  ///< of each point; the first begins at Report::first
  std::vector<SeriesPoint> points{};
};

/// What is known of one stream. Values only: keep it as long as wanted.
struct Report {
  std::uint32_t ssrc = 0;
  net::Endpoint source;
  net::Endpoint destination;
  Time first{};
  Time last{};
  std::uint64_t first_frame = 0;
  std::uint64_t last_frame = 0;

  std::uint64_t packets = 0;     ///< all that came, duplicates and strays, too
  std::uint64_t octets = 0;      ///< of their payloads, on the wire
  std::uint64_t expected = 0;    ///< sequence numbers from the first to the highest, over all restarts
  std::uint64_t lost = 0;        ///< of these, never seen
  std::uint64_t duplicates = 0;  ///< of a sequence number that had come
  std::uint64_t reordered = 0;   ///< came after a higher sequence number
  std::uint64_t strays = 0;      ///< far away from the others and alone (RFC 3550 A.1): in no other count but packets
  std::uint32_t resets = 0;      ///< restarts of the sequence numbers
  bool probation = true;         ///< no two packets in sequence yet: perhaps not RTP at all
  std::uint32_t loss_runs = 0;
  std::uint32_t longest_run = 0;
  std::array<std::uint32_t, 10> run_lengths{};  ///< runs of 1, 2, ... 9, and 10 or more packets

  std::optional<JitterReport> jitter{};  ///< as the next, unknown without a clock rate
  std::optional<DelayReport> delay{};
  std::uint32_t clock_rate = 0;     ///< of both; 0: unknown
  bool clock_guessed = false;       ///< from the time stamps, as no SDP said it
  std::uint32_t clock_changes = 0;  ///< packets of another clock rate, left out of both
  std::vector<PtimeUse> ptimes{};   ///< the most frequent first, at most four

  std::vector<PayloadUse> payload_types{};  ///< in the order of their first use
  std::uint32_t markers = 0;
  std::uint32_t comfort_noise = 0;  ///< packets
  bool ends_in_noise = false;       ///< the last one was: silence follows (RFC 3389, RFC 3551 4.5.6)
  std::uint32_t events = 0;         ///< packets of telephone-event
  std::string keys{};               ///< the events that are keys, each once; at most 64
  std::uint32_t cut = 0;            ///< packets captured without their end
  std::vector<DscpUse> dscp{};      ///< in the order of their first use
  std::uint32_t dscp_changes = 0;   ///< from one packet to the next
  std::optional<SilenceReport> silence{};

  std::vector<Gap> gaps{};            ///< in the order of their onsets
  std::uint32_t gaps_left_out = 0;    ///< past the limits of Stream
  std::uint32_t breaks_left_out = 0;  ///< of these, what is no pause of the sender
  StreamSeries series{};

  /// Of most packets; nullopt: of none it is known.
  [[nodiscard]] std::optional<base::Duration> ptime() const {
    return ptimes.empty() ? std::nullopt : std::optional(ptimes.front().ptime);
  }
  /// For stat::transmission_rating; the delay of the path cannot be known from one capture.
  [[nodiscard]] stat::StreamLoss loss() const {
    if (expected == 0) return {};
    return {static_cast<double>(lost) / static_cast<double>(expected),
            loss_runs == 0 ? 0 : static_cast<double>(lost) / loss_runs};
  }
};

/// Arguments of stat::congestion: seconds since Report::first. Of long streams a sample, dense before losses.
struct TransitRecord {
  std::vector<stat::Transit> packets;
  std::vector<double> relative{};  ///< as stat::relative_transit gives it
  std::vector<double> even{};      ///< of these, the ones at even distances: what is usual for the stream
  std::vector<stat::LossRun> losses;
  double skew = 0;  ///< of the sender's clock against the capture's, seconds per second
};

}  // namespace viaduct::rtp
