// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "rtp/flow.hpp"
#include "rtp/receiver_view.hpp"
#include "stat/congestion.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace viaduct::diagnose {

using base::Duration;
using capture::Time;

/// A gap with what signalling and the other direction say of it.
struct GapFacts {
  rtp::Gap gap{};
  rtp::GapClass kind = rtp::GapClass::unclear;
  std::optional<Duration> quiet{};  ///< how long its receiver had sent nothing when it began; nullopt: not known
  bool receiver_first = false;      ///< media came back within a second after its receiver had sent again
  bool announced = false;           ///< SDP changed where it is received, near the gap
  bool transfer = false;            ///< and that is all there is to it
  bool again = false;               ///< the same was seen at a place before: it counts there
  bool stopped = false;             ///< SDP stopped its sender, or had it send elsewhere: see rtp::stopped()
  bool whole = false;               ///< the capture worked: another flow came through
  bool open = false;  ///< both directions miss it, and nothing tells whether the capture did or the call: leave_open()
  bool last = false;  ///< media did not come back, as long as the call went on: see AudioEnd
  net::Endpoint source_after{};  ///< not present unless the gap is a Break

  /// Somebody missed something for a while: no pause of the sender, no transfer, no fault of the capture nor what may
  /// be one, no end, and not counted already.
  [[nodiscard]] bool outage() const;
  /// A pause for which neither the sender nor SDP gives a reason.
  [[nodiscard]] bool bare_pause() const;
};

/// What ICMP said of where a stream goes: nobody listens there.
struct Refusals {
  std::uint64_t count = 0;
  Time first{};
  Time last{};
  std::uint64_t frame = 0;  ///< of the first, as call::pack has it
};

/// One stream of a call: what was received, and its gaps.
struct StreamFacts {
  bool named = true;      ///< SIP tells whose it is; else `receiver` tells the two directions apart and no more
  std::uint8_t leg = 0;   ///< of call::Call::legs
  std::uint8_t line = 0;  ///< index of the m= line
  call::Party receiver = call::Party::caller;
  std::size_t place = 0;  ///< where it was captured, if the capture has more than one: see rtp::Flow::places
  std::optional<std::uint32_t> seen_again{};  ///< index of a stream that carries the same packets at another place
  rtp::Report report{};                       ///< its gaps stand in `gaps`
  std::uint32_t ssrc_changes = 0;             ///< streams with another SSRC that follow it, however short the gap
  std::uint32_t port_changes = 0;             ///< streams from or to another address or port that follow it
  std::vector<GapFacts> gaps{};               ///< those to the stream that follows it, too; by onset
  Refusals refused{};
  std::optional<rtp::ReceiverReport> rtcp{};
  stat::Congestion congestion{};  ///< judged over the whole stream; nothing judged where it is too short

  /// Without what the capture itself missed, or may have, and what was not sent.
  [[nodiscard]] std::uint64_t lost() const;
  [[nodiscard]] double loss_share() const;
  /// From its begin to its end it was sent to where nobody listens: what answers a few packets, before a phone is ready
  /// or after it hung up, is no such thing.
  [[nodiscard]] bool met_nobody() const;
};

/// So few of the expected packets that nobody is told of them: under ten, or under two in a thousand.
[[nodiscard]] bool few_lost(std::uint64_t lost, std::uint64_t expected);

/// The media of one m= line in one direction; `named` as in StreamFacts.
struct FlowPlace {
  std::uint8_t leg = 0;
  std::uint8_t line = 0;
  call::Party receiver = call::Party::caller;
  bool named = true;
};

/// The streams of a flow, in its order; the indices of StreamFacts::seen_again count in it. `call` says what SDP
/// stopped and changed; nullptr where no call is known. `holes`: when the capture itself missed packets, or did not.
/// GapFacts::quiet is for add_quiet().
[[nodiscard]] std::vector<StreamFacts> stream_facts(const rtp::Flow& flow, const FlowPlace& place,
                                                    const call::Call* call, std::span<const rtp::Mark> holes);

/// Where media of a call was seen at several places, gives the two directions at one place the same number, which flows
/// by themselves do not; and marks gaps that were there at a place before (GapFacts::again). Goes before the next ones.
void join_places(std::vector<StreamFacts>& streams);

/// Fills in GapFacts::quiet and receiver_first from the streams that run the other way on the same leg and line.
void add_quiet(std::vector<StreamFacts>& streams);

/// Packets of both directions missing at the same time: what captured them may have missed them, or a link failed that
/// the capture has at its one end, or a relay had nothing to hand on. Where nothing tells, such gaps are left open.
void leave_open(std::vector<StreamFacts>& streams);

}  // namespace viaduct::diagnose
