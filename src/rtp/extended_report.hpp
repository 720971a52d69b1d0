// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/rtcp.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::rtp {

/// One block of an XR packet (RFC 3611 3). Borrows the datagram.
struct ExtendedBlock {
  std::uint8_t type = 0;  ///< 7: VoIP metrics
  std::uint8_t specific = 0;
  base::Bytes body;  ///< behind the block's four octets
};

/// Walks the blocks of an XR packet; nothing for other types. Ends at the first block that does not fit.
class ExtendedWalk {
 public:
  explicit ExtendedWalk(const RtcpPacket& packet);
  [[nodiscard]] std::optional<ExtendedBlock> next();

 private:
  base::Bytes rest_;
};

/// VoIP metrics of one stream as its receiver measured them (RFC 3611 4.7). Absent values are those the receiver marks
/// as unavailable (127), which is not the same as 0.
struct VoipMetrics {
  std::uint32_t ssrc = 0;
  double loss_rate = 0;     ///< lost on the path, 0 to 1
  double discard_rate = 0;  ///< came too late or too early for the jitter buffer
  double burst_density = 0;
  double gap_density = 0;
  double burst_duration = 0;  ///< mean, in seconds
  double gap_duration = 0;    ///< mean, in seconds
  double round_trip = 0;      ///< in seconds; 0: not measured
  double end_system_delay = 0;
  std::optional<int> signal_level{};  ///< dBm
  std::optional<int> noise_level{};   ///< dBm
  std::optional<int> echo_return_loss{};
  std::uint8_t gmin = 0;                     ///< the gap threshold
  std::optional<int> rating{};               ///< R
  std::optional<double> listening_score{};   ///< MOS-LQ
  std::optional<double> conversing_score{};  ///< MOS-CQ
  std::uint8_t receiver = 0;                 ///< configuration: concealment, jitter buffer (4.7.6)
  double buffer_nominal = 0;                 ///< of the jitter buffer, in seconds
  double buffer_highest = 0;
  double buffer_limit = 0;
};
/// nullopt for other blocks and short ones.
[[nodiscard]] std::optional<VoipMetrics> voip_metrics(const ExtendedBlock& block);

}  // namespace viaduct::rtp
