// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace viaduct::rtp {

/// RTCP packet types (IANA). Any other value may stand in RtcpPacket::type, too.
enum class RtcpType : std::uint8_t {
  sender_report = 200,
  receiver_report = 201,
  source_description = 202,
  bye = 203,
  application = 204,
  transport_feedback = 205,  ///< RTPFB, RFC 4585 6.2; `count` is its format
  payload_feedback = 206,    ///< PSFB, RFC 4585 6.3; `count` is its format
  extended_report = 207,     ///< XR, RFC 3611
};

enum class RtcpProblem : std::uint8_t {
  too_short,      ///< what is left has no header
  other_version,  ///< not version 2; behind the first packet of SRTCP it is encrypted
  length,         ///< the packet ends behind the datagram (or behind what was captured)
  padding,        ///< the padding count does not fit
};

/// One packet of a compound (RFC 3550 6.1). Borrows the datagram.
///
///     |V=2|P|  count  |   packet type |     length in words less 1    |
///     |              SSRC of who sent it (all types but SDES)         |
struct RtcpPacket {
  RtcpType type{};
  std::uint8_t count = 0;  ///< reports, sources, subtype or feedback format
  std::uint32_t ssrc = 0;  ///< of who sent it; 0 for SDES and packets without one
  base::Bytes body;        ///< behind the first four octets, without padding
};

/// Walks a compound packet. Each step goes on by the length that was checked, so it ends.
///
///     RtcpWalk walk(octets);
///     while (std::optional<RtcpPacket> packet = walk.next()) ...
///     if (walk.problem()) ...
class RtcpWalk {
 public:
  explicit RtcpWalk(base::Bytes octets) : octets_(octets) {}

  [[nodiscard]] std::optional<RtcpPacket> next();
  /// Why the walk ended before the end of the datagram.
  [[nodiscard]] const std::optional<base::Error<RtcpProblem>>& problem() const { return problem_; }

 private:
  std::optional<RtcpPacket> stop(RtcpProblem why, std::size_t offset);

  base::Bytes octets_;
  std::size_t at_ = 0;
  std::optional<base::Error<RtcpProblem>> problem_;
};

/// What a sender says of itself (RFC 3550 6.4.1).
struct SenderInfo {
  std::uint64_t ntp_time = 0;  ///< 32.32 seconds since 1900
  std::uint32_t timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};
/// Of a sender report; nullopt for other types and short ones.
[[nodiscard]] std::optional<SenderInfo> sender_info(const RtcpPacket& packet);

/// What a receiver says of one stream (RFC 3550 6.4.1).
struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;  ///< in 1/256 since the last report
  std::int32_t lost = 0;           ///< cumulative, 24 bit; duplicates make it smaller
  std::uint32_t highest = 0;       ///< extended highest sequence number
  std::uint32_t jitter = 0;        ///< in units of the media clock
  std::uint32_t last_report = 0;   ///< middle 32 bits of the NTP time of the last sender report; 0: none
  std::uint32_t delay = 0;         ///< since that report, in 1/65536 s
};
/// Block `index` of a sender or receiver report; nullopt past the last one, or where the packet is shorter than its
/// count says.
[[nodiscard]] std::optional<ReportBlock> report_block(const RtcpPacket& packet, std::size_t index);

/// Round-trip time in seconds that a report block shows whoever sent the sender report, at the moment `now` (middle 32
/// bits of NTP time; RFC 3550 6.4.1). nullopt without a sender report before, or where the clocks contradict.
[[nodiscard]] std::optional<double> round_trip(const ReportBlock& block, std::uint32_t now);

/// A CNAME item and whose it is (RFC 3550 6.5.1).
struct CanonicalName {
  std::uint32_t ssrc = 0;
  base::Bytes name{};  ///< hostile text, at most 255 octets
};
/// The CNAME of the chunk `index` of a source description; nullopt past the last chunk. A chunk without CNAME has an
/// empty name.
[[nodiscard]] std::optional<CanonicalName> canonical_name(const RtcpPacket& packet, std::size_t index);

/// Source `index` that a BYE names (RFC 3550 6.6).
[[nodiscard]] std::optional<std::uint32_t> leaving(const RtcpPacket& packet, std::size_t index);
/// Why, as it is said; empty without a reason.
[[nodiscard]] base::Bytes leaving_reason(const RtcpPacket& packet);

/// The four letters of an APP packet (RFC 3550 6.7); empty for other types.
[[nodiscard]] base::Bytes application_name(const RtcpPacket& packet);

}  // namespace viaduct::rtp
