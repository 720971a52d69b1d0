// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/clock_guess.hpp"
#include "rtp/gap_finder.hpp"
#include "rtp/packet.hpp"
#include "rtp/payload_type.hpp"
#include "rtp/report.hpp"
#include "rtp/sequence.hpp"
#include "rtp/series.hpp"
#include "rtp/silence_meter.hpp"
#include "rtp/transit_trace.hpp"
#include "stat/jitter.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::rtp {

/// How a packet was seen.
struct Arrival {
  Time time{};
  std::uint64_t frame = 0;
  std::uint8_t dscp = 0;
  base::Bytes octets;        ///< payload of the datagram, as captured; the ranges of Packet lie in it
  std::uint32_t length = 0;  ///< of it, on the wire
};

/// One SSRC from one source endpoint to one destination endpoint. Packets are given in the order of their capture;
/// time that runs backwards does no harm. About 2 KB, and as it goes on at most 100 KB more, however long and hostile.
///
///     Stream stream(packet->ssrc, source, destination);
///     stream.add(*packet, arrival, formats);
///     Report report = stream.report();
class Stream {
 public:
  /// Limits of what is kept; past them it is only counted.
  static constexpr std::size_t kMostPayloadTypes = 16;
  static constexpr std::size_t kMostDscp = 8;
  static constexpr std::size_t kMostKeys = 64;
  static constexpr std::size_t kMostCompared = 8;
  /// A packet may be so many numbers later at one place than at the other: the way between them, and their clocks.
  static constexpr std::uint16_t kAgainBehind = 32;

  Stream(std::uint32_t ssrc, const net::Endpoint& source, const net::Endpoint& destination);

  /// `formats` as SDP has them at that moment. What SDP tells later counts from then on.
  void add(const Packet& packet, const Arrival& arrival, const Formats& formats);

  /// All that is known by now; at any time.
  [[nodiscard]] Report report() const;
  /// For stat::congestion; at any time.
  [[nodiscard]] TransitRecord transits() const;

  /// Counts which of the two have had the packet kAgainBehind before `sequence`, which this one just took.
  void compare(const Stream& other, std::uint16_t sequence);
  /// Most numbers came in both while both ran: the same packets, captured before and after a translation.
  [[nodiscard]] bool same_packets(const Stream& other) const;

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] const net::Endpoint& source() const VIADUCT_LIFETIME_BOUND { return source_; }
  [[nodiscard]] const net::Endpoint& destination() const VIADUCT_LIFETIME_BOUND { return destination_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  /// No two packets in sequence yet (RFC 3550 A.1).
  [[nodiscard]] bool probation() const { return sequence_.probation(); }
  /// The first packet and the last one that belonged to it; a Flow measures gaps between streams with them.
  [[nodiscard]] const Edge& first_edge() const VIADUCT_LIFETIME_BOUND { return first_; }
  [[nodiscard]] const Edge& last_edge() const VIADUCT_LIFETIME_BOUND { return last_; }
  /// The last time for which nothing of it came.
  struct Interruption {
    static constexpr base::Duration kShortest = std::chrono::milliseconds(150);
    Time from{};                ///< the packet before; of a stream without any, the first packet
    Time until{};               ///< the packet after
    std::uint32_t missing = 0;  ///< sequence numbers
  };
  [[nodiscard]] const Interruption& interrupted() const VIADUCT_LIFETIME_BOUND { return interrupted_; }
  /// The most frequent one so far, or what SDP said, or 20 ms. Without a clock rate: the mean distance of arrivals, if
  /// that is more.
  [[nodiscard]] base::Duration ptime() const;

 private:
  /// Numbers that this stream had while another one of its SSRC ran.
  struct Compared {
    net::Endpoint source;
    net::Endpoint destination;
    std::uint32_t both = 0;
    std::uint32_t alone = 0;
  };
  [[nodiscard]] Compared compared_with(const Stream& other) const;

  void count(const Packet& packet, const Arrival& arrival, const Edge& edge);
  void count_event(const Packet& packet, const Arrival& arrival);
  void follow(const Edge& edge, const Sequence::Step& step);
  void find_gap(const Edge& edge, const Sequence::Step& step);
  void learn_ptime(const Edge& edge);
  [[nodiscard]] std::optional<std::int32_t> measure(const Edge& edge, bool restarted);
  [[nodiscard]] std::uint32_t tick_at(Time time);
  [[nodiscard]] bool continuous(const Edge& edge, std::uint16_t distance) const;
  [[nodiscard]] std::optional<base::Duration> media_gap(const Edge& edge) const;
  void report_counts(Report& report) const;
  void report_delay(Report& report, const TransitRecord& record) const;
  void report_gaps(Report& report, const TransitRecord& record) const;
  void report_series(Report& report, const TransitRecord& record) const;

  std::uint32_t ssrc_;
  net::Endpoint source_;
  net::Endpoint destination_;
  Edge first_;
  Edge last_;          ///< of the highest sequence number
  Edge last_clocked_;  ///< of the last packet whose time stamp is its own
  Edge event_;         ///< of the first packet of the last telephone-event
  std::uint32_t tick_ = 0;
  std::uint32_t last_tick_ = 0;  ///< of last_

  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::vector<PayloadUse> payload_types_;
  std::vector<DscpUse> dscp_;
  std::uint8_t last_dscp_ = 0;
  std::uint32_t dscp_changes_ = 0;
  std::uint32_t markers_ = 0;
  std::uint32_t comfort_noise_ = 0;
  std::uint32_t events_ = 0;
  std::uint32_t last_event_ = 0;  ///< time stamp
  std::string keys_;
  std::uint32_t cut_ = 0;

  std::array<PtimeUse, 4> ptimes_{};  ///< the most frequent first
  base::Duration told_ptime_{};
  std::uint32_t clock_rate_ = 0;  ///< of jitter and transit times
  std::uint32_t clock_changes_ = 0;
  ClockGuess guess_;
  std::int64_t position_ = 0;          ///< of the highest sequence number
  std::uint32_t timestamp_shift_ = 0;  ///< added to time stamps, so that they go on through restarts
  std::int64_t media_ticks_ = 0;       ///< of the last clocked packet since the first
  Time measured_at_{};
  std::uint32_t measured_timestamp_ = 0;

  Interruption interrupted_;
  Sequence sequence_;
  GapFinder gaps_;
  TransitTrace trace_;
  Series series_;
  std::optional<stat::InterarrivalJitter> jitter_;
  SilenceMeter silence_;
  std::vector<Compared> compared_;  ///< at most kMostCompared
};

}  // namespace viaduct::rtp
