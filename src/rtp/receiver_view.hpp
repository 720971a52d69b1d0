// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/extended_report.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace viaduct::rtp {

/// Times from the place of capture to whoever reports and back, in seconds: what passed between a sender report and the
/// report block that answers it (LSR), less what the receiver waited (DLSR; RFC 3550 6.4.1).
struct RoundTrips {
  std::uint32_t count = 0;
  double least = 0;
  double mean = 0;
  double highest = 0;
};

/// How many packets a sender said it had sent, and the report that says so.
struct SenderCount {
  std::uint32_t packets = 0;
  Time at{};
  std::uint64_t frame = 0;  ///< of the caller's choice
};

/// What RTCP says of one stream. Values only.
struct ReceiverReport {
  std::uint32_t reports = 0;      ///< report blocks about it
  double fraction_lost_mean = 0;  ///< of what each block says, 0 to 1
  double fraction_lost_highest = 0;
  std::int32_t lost = 0;   ///< cumulative, as the last block says it; duplicates make it smaller
  double jitter_mean = 0;  ///< as the next, in units of the media clock
  std::uint32_t jitter_highest = 0;
  std::optional<RoundTrips> round_trip{};
  std::uint32_t sender_reports = 0;
  std::optional<SenderInfo> sent{};  ///< the last one
  SenderCount counted_first{};       ///< where there are sender reports, as the next
  SenderCount counted_last{};
  std::uint32_t extended_reports = 0;
  std::optional<VoipMetrics> voip{};  ///< the last one: RFC 3611 4.7 has them over the whole call
};

/// Gathers what RTCP says of one stream; 450 octets, however long it goes on.
class ReceiverView {
 public:
  /// From a receiver, about the stream.
  void add(const ReportBlock& block, Time at);
  void add(const VoipMetrics& metrics);
  /// From the sender of the stream; `frame` as in SenderCount.
  void add(const SenderInfo& info, Time at, std::uint64_t frame = 0);

  [[nodiscard]] ReceiverReport report() const;

 private:
  /// When a sender report passed; receivers answer one of the last.
  struct Passed {
    std::uint32_t ntp = 0;  ///< the middle 32 bits; 0: none
    Time at{};
  };
  void measure(const ReportBlock& block, Time at);

  ReceiverReport sums_;  ///< with sums where report() has means
  RoundTrips trips_;
  std::array<Passed, 8> passed_{};
};

}  // namespace viaduct::rtp
