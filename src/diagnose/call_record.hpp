// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_facts.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace viaduct::diagnose {

/// The beginning of a gap, as the statistics over calls want it.
struct Onset {
  Time at{};
  Duration length{};
  Duration heard{};           ///< of it, media between its holes
  std::uint64_t frame = 0;    ///< the last one before it, as call::pack has it
  std::uint32_t stream = 0;   ///< index of Result::streams
  std::uint32_t missing = 0;  ///< packets
  rtp::GapClass kind = rtp::GapClass::unclear;
  call::Party receiver = call::Party::caller;
  bool quiet = false;           ///< its receiver had sent nothing for kIdle and longer: a mapping may have idled out
  bool known = false;           ///< whether that can be told: the other direction was captured
  bool revived = false;         ///< and it ended when the receiver sent again
  bool announced = false;       ///< SDP changed near it
  bool new_source = false;      ///< another SSRC went on
  bool calm = false;            ///< delay had not risen before it
  Duration lead{};              ///< from `frame` to it: a ptime
  net::Endpoint destination{};  ///< of the stream where no SIP tells its receiver; else not present
};
/// No NAT of the vendors' tables forgets a UDP mapping sooner.
inline constexpr Duration kIdle = std::chrono::seconds(9);

/// A request after which onsets may follow, of the call or of the flow it runs over.
struct Refresh {
  Time at{};
  call::FrameRef frame;
  call::EventKind kind{};
};

inline constexpr std::uint32_t kNoCall = 0xffffffff;

/// What a finished call leaves for the rules that look at all calls: some 140 octets and its onsets.
struct CallRecord {
  std::uint32_t index = 0;  ///< of Result::calls; kNoCall: media that no SIP names
  Site site = 0;
  call::Point point = 0;
  std::uint64_t call_id = 0;             ///< its hash
  std::array<net::Address, 2> sides{};   ///< of the signalling, by Party, of the first leg
  std::array<std::uint64_t, 2> users{};  ///< hashes of the user parts of From and To, by Party; 0: none
  std::uint32_t session = 0;             ///< seconds of the session timer (RFC 4028); 0: none ran
  Time begin = call::kNever;             ///< when media could have had gaps: first to last packet of any stream
  Time end = call::kNever;
  std::vector<Onset> onsets{};       ///< ascending; both directions; of pauses those with an outage in them
  std::vector<Refresh> refreshes{};  ///< ascending; none are kept for a call without onsets

  [[nodiscard]] double observed() const;  ///< seconds
};

/// `first_stream`: index of Result::streams where the call's streams begin.
[[nodiscard]] CallRecord record_of(const CallFacts& facts, std::uint32_t index, std::uint32_t first_stream);
/// Of media that no SIP names; sides as StreamFacts::receiver has them.
[[nodiscard]] CallRecord record_of(std::span<const StreamFacts> streams, Site site, call::Point point,
                                   std::uint32_t first_stream);

}  // namespace viaduct::diagnose
