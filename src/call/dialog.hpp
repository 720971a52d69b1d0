// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"
#include "call/sighting.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace viaduct::call {

/// RFC 3261 12.
enum class DialogState : std::uint8_t { early, confirmed, terminated };
[[nodiscard]] Bytes name(DialogState state);

/// What a session timer was agreed to be (RFC 4028), and how it was kept.
struct SessionTimer {
  std::uint32_t asked = 0;      ///< seconds in the request; 0: none
  std::uint32_t seconds = 0;    ///< in the last 2xx; 0: no timer runs
  std::uint32_t refreshes = 0;  ///< re-INVITE or UPDATE answered by a 2xx
  std::uint32_t too_small = 0;  ///< 422 responses
  std::uint16_t failure = 0;    ///< status of the last refresh that was refused; 0: none
  Time failed = kNever;         ///< when it was
  FrameRef failure_frame;
  Time refreshed = kNever;          ///< the last 2xx that started it
  Party refresher = Party::caller;  ///< whose duty it is
  bool refresher_named = false;     ///< somebody said whose

  [[nodiscard]] bool running() const { return seconds != 0 && refreshed != kNever; }
  /// When the session expires if nobody refreshes it.
  [[nodiscard]] Time expires() const { return running() ? refreshed + std::chrono::seconds(seconds) : kNever; }
  /// When the side that waits should send BYE at the earliest (RFC 4028 10).
  [[nodiscard]] Time due() const;
};

/// Where requests of the dialog go to: what a party's Contact says (RFC 3261 12.1.1).
struct Target {
  Text uri;                ///< first 96 octets; empty: no Contact seen
  net::Endpoint endpoint;  ///< address not present for a host name
  Time since = kNever;
  std::uint16_t changes = 0;  ///< target refreshes that changed it (RFC 3261 12.2)
};

/// A dialog (RFC 3261 12): one for each To tag that answers an INVITE, several of one INVITE are forks. Requests count
/// once, however often they were retransmitted.
struct Dialog {
  Text caller_tag;  ///< first 64 octets; compared by the hashes
  Text callee_tag;
  std::uint64_t caller_hash = 0;
  std::uint64_t callee_hash = 0;
  DialogState state = DialogState::early;
  bool begin_seen = true;                    ///< false: the capture starts inside of it
  std::uint8_t leg = 0;                      ///< where it was seen first
  std::optional<std::uint32_t> invite_cseq;  ///< of the INVITE that made it
  Time early = kNever;                       ///< first provisional response with its tag
  Time confirmed = kNever;                   ///< first 2xx
  Time acknowledged = kNever;                ///< ACK of that 2xx
  Time terminated = kNever;                  ///< final response to BYE, or failure of the INVITE
  FrameRef confirmed_frame;
  std::array<Target, 2> targets;  ///< by Party
  Text route_set;                 ///< Record-Route of the establishing message, first 128 octets
  std::uint8_t routes = 0;        ///< values in it
  SessionTimer timer;
  std::uint32_t re_invites = 0;
  std::uint32_t updates = 0;
  std::uint32_t pracks = 0;
  std::uint32_t refers = 0;
  std::uint32_t infos = 0;
  std::optional<Party> bye_from;
  Time bye = kNever;
  FrameRef bye_frame;
  std::uint16_t bye_status = 0;  ///< final response to it; 0: none seen
  Text bye_reason;               ///< Reason header (RFC 3326) of it, first 96 octets

  /// A request of this dialog `from` a party. What a second hop shows again changes nothing: CSeq numbers grow.
  void add_request(const Reading& reading, Party from);
  /// A response to a request of `from`; the same holds.
  void add_response(const Reading& reading, Party from);
  /// `sender` names in Contact where it wants requests.
  void refresh_target(const Reading& reading, Party sender);

  /// Whether a message is of the INVITE that made it, not of one inside of it that happens to have the same number.
  [[nodiscard]] bool opened_by(const Reading& reading, Party from) const {
    return from == Party::caller && invite_cseq == reading.cseq &&
           (reading.method == sip::Method::invite || reading.method == sip::Method::ack);
  }
  [[nodiscard]] std::size_t footprint() const;

 private:
  void answer_invite(const Reading& reading, Party from);
  void refresh_timer(const Reading& reading, Party from);
  void note_refusal(const Reading& reading, Party from);

  std::array<std::int64_t, 2> last_cseq_{-1, -1};       ///< of requests, by Party
  std::array<std::int64_t, 2> refreshed_cseq_{-1, -1};  ///< of those whose 2xx started the timer
};

}  // namespace viaduct::call
