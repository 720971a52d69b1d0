// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/aside.hpp"
#include "finding/endpoint.hpp"
#include "finding/rtcp_summary.hpp"
#include "finding/series.hpp"
#include "finding/time.hpp"
#include "finding/timeline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::finding {

/// What stood near a gap: "re-INVITE", "source port 4000 -> 4002".
struct Nearby {
  std::string what;
  Duration after{};  ///< from it to the onset; negative: it came later

  friend bool operator==(const Nearby&, const Nearby&) = default;
};

/// A time in which a stream had no playable media.
struct GapSummary {
  Time onset{};
  Duration length{};
  char letter = '-';               ///< L Q H S P R X C; '-' where it fits none
  std::uint32_t missing = 0;       ///< sequence numbers never seen inside
  std::uint64_t frame_before = 0;  ///< 0: none
  std::uint64_t frame_after = 0;
  std::vector<Nearby> nearby{};              ///< the nearest first
  Duration heard{};                          ///< of the length, media between its holes
  std::optional<Duration> receiver_quiet{};  ///< how long its receiver had sent nothing at the onset; unknown: nullopt

  /// Somebody missed something: neither a pause of the sender nor a fault of the capture.
  [[nodiscard]] bool outage() const { return letter != 'S' && letter != 'C'; }

  static constexpr std::size_t kMaxNearby = 8;
  friend bool operator==(const GapSummary&, const GapSummary&) = default;
};
/// "hard hole: discarded on the path" and so on; empty for what is no class.
[[nodiscard]] const char* meaning(char letter);

/// RFC 3550 6.4.1, milliseconds.
struct Jitter {
  double mean = 0;
  double highest = 0;
  friend bool operator==(const Jitter&, const Jitter&) = default;
};

/// Packet delay variation (RFC 5481 4.2) without the skew of the clocks, milliseconds above the fastest packet.
struct DelayVariation {
  double median = 0;
  double p95 = 0;
  double p99 = 0;
  double p999 = 0;
  friend bool operator==(const DelayVariation&, const DelayVariation&) = default;
};

/// A DSCP and how many packets had it.
struct DscpCount {
  std::uint8_t dscp = 0;
  std::uint64_t packets = 0;
  friend bool operator==(const DscpCount&, const DscpCount&) = default;
};

/// Where else the packets of a stream were captured: on the other side of a router.
struct OtherPlace {
  Endpoint source;
  Endpoint destination;
  friend bool operator==(const OtherPlace&, const OtherPlace&) = default;
};

/// One RTP SSRC in one direction.
struct StreamSummary {
  std::uint32_t input = 0;  ///< index into Result::inputs
  std::uint32_t ssrc = 0;
  Endpoint source;
  Endpoint destination;
  std::string codec{};  ///< as SDP or RFC 3551 name it: "PCMA/8000"; several with ", " between
  std::string_view
      direction{};  ///< "caller to callee" or the other way round, of a literal; empty where no call is known
  Time first{};
  Time last{};
  std::uint64_t first_frame = 0;

  std::uint64_t expected = 0;  ///< sequence numbers from the first to the highest
  std::uint64_t packets = 0;   ///< received, duplicates too
  std::uint64_t lost = 0;      ///< sequence numbers never seen
  std::uint64_t duplicates = 0;
  std::uint64_t reordered = 0;
  std::uint32_t resets = 0;
  std::uint32_t ssrc_changes = 0;  ///< streams of the same direction that follow it with another SSRC
  std::uint32_t port_changes = 0;  ///< the same from or to another address or port
  std::uint32_t dscp_changes = 0;  ///< from one packet to the next
  bool clock_guessed = false;      ///< the clock rate was taken from the time stamps, as no SDP said it
  std::uint64_t unreachable = 0;   ///< ICMP messages that say that nobody listens at its destination
  std::optional<Jitter> jitter{};  ///< unknown without a clock rate; as the next
  std::optional<DelayVariation> delay{};
  std::vector<DscpCount> dscp{};
  std::optional<double> ptime{};         ///< ms, the most frequent
  std::optional<double> silent_share{};  ///< 0 to 1, by energy, of packets that could be judged
  std::optional<double> mos{};           ///< E-model, a side figure that decides nothing
  Aside<OtherPlace> seen_again{};        ///< a gap that is at both places stands with the one where it was first
  Aside<RtcpSummary> rtcp{};             ///< what those who received it say

  std::vector<GapSummary> gaps{};      ///< in the order of their onsets
  std::uint32_t gaps_left_out = 0;     ///< beyond the limit
  std::uint32_t outages_left_out = 0;  ///< of these, what is no pause of the sender
  Aside<Series> series{};              ///< where a page is to be made of it

  static constexpr std::size_t kMaxGaps = 1024;
  static constexpr std::size_t kMaxDscp = 64;

  [[nodiscard]] Duration time_in_gaps() const;  ///< without media, in those that are outages
  friend bool operator==(const StreamSummary&, const StreamSummary&) = default;
};

/// Its media and gaps as a row of a timeline; Lane::stream is for the caller to set.
[[nodiscard]] Lane lane_of(const StreamSummary& stream);

}  // namespace viaduct::finding
