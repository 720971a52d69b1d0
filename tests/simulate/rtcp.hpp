// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace viaduct::simulate {

/// What a receiver knows of the stream it gets, for its reports (RFC 3550 6.4.1 and A.1 to A.8).
class Reception {
 public:
  void take(const Rtp& rtp, Seconds arrival);
  /// A sender's report came: its middle 32 bits of the NTP time stamp, and when.
  void take_report(std::uint32_t ntp_middle, Seconds arrival) {
    last_report_ = ntp_middle, last_report_time_ = arrival;
  }
  /// The 24 octets of a report block about now; empty if nothing ever came.
  std::string block(Seconds now);

 private:
  std::uint32_t ssrc_ = 0, base_ = 0, highest_ = 0;
  std::uint32_t received_ = 0, expected_before_ = 0, received_before_ = 0;
  double transit_ = 0, jitter_ = 0;
  std::uint32_t last_report_ = 0;
  Seconds last_report_time_ = 0;
};

/// What a sender tells of itself.
struct SenderFacts {
  std::uint32_t ssrc = 0, timestamp = 0;
  std::uint32_t packets = 0, octets = 0;
  bool sent_lately = true;  ///< else it is a receiver report
};

/// The 64-bit NTP time stamp of a moment of the simulated world.
[[nodiscard]] std::uint64_t ntp(Seconds time);
/// A compound packet: SR or RR with `block`, and SDES with CNAME.
[[nodiscard]] std::string rtcp_report(const SenderFacts& sender, const std::string& block, std::string_view cname,
                                      Seconds now);

}  // namespace viaduct::simulate
