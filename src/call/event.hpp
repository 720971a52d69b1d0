// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"
#include "sip/message.hpp"

#include <cstdint>

namespace viaduct::call {

/// What happened, as the classification of gaps and the statistics of coupling ask for it.
enum class EventKind : std::uint8_t {
  invite,        ///< the first one of a dialog, and its repetition with credentials
  re_invite,     ///< INVITE inside of a dialog
  update,        ///< RFC 3311
  prack,         ///< RFC 3262
  ack,           ///< of a 2xx or of a failure
  bye,           ///< RFC 3261 15
  cancel,        ///< RFC 3261 9
  refer,         ///< RFC 3515
  info,          ///< RFC 6086
  register_,     ///< of the same flow; not of the call's own Call-ID
  options,       ///< in the dialog or of the same flow
  keep_alive,    ///< line ends of the same flow (RFC 5626 4.4.1)
  unreachable,   ///< ICMP of the same flow: where it was sent to nobody listens (RFC 792, RFC 4443)
  other,         ///< a request of another method
  trying,        ///< 100
  ringing,       ///< another 1xx
  answer,        ///< 2xx to INVITE, also to one inside of a dialog
  ok,            ///< 2xx to another method
  redirect,      ///< 3xx
  failure,       ///< 4xx to 6xx
  media_opened,  ///< an m= line has its first destination
  media_moved,   ///< a party receives at another address or port from now on
  held,          ///< a party stops to want media: inactive, sendonly, or a c= of zeros
  resumed,       ///< and wants it again
  media_closed,  ///< port 0
  last           ///< not a kind: the number of kinds
};
[[nodiscard]] Bytes name(EventKind kind);
/// The kinds that are messages, not what followed from one.
[[nodiscard]] constexpr bool is_message(EventKind kind) {
  return kind < EventKind::media_opened;
}
/// The kinds that change media (media_opened and behind).
[[nodiscard]] constexpr bool is_media(EventKind kind) {
  return kind >= EventKind::media_opened && kind < EventKind::last;
}

/// How often the same message had been seen before on the same hop.
enum class Again : std::uint8_t {
  first,
  retransmitted,  ///< by the sender (RFC 3261 17)
  mirrored,       ///< within kMirrorTime: the capture shows a frame twice
};

/// One mark on a call's time axis; 32 octets.
struct Event {
  Time time{};
  FrameRef frame;
  std::uint32_t cseq = 0;    ///< of the message; of media events too, as that of the message that caused them
  std::uint16_t status = 0;  ///< of a response
  EventKind kind = EventKind::other;
  sip::Method method = sip::Method::none;  ///< of the request; of a response that of its CSeq
  std::uint8_t source = 0;                 ///< index into Call::endpoints
  std::uint8_t destination = 0;
  std::uint8_t leg = 0;            ///< index into Call::legs; kNoLeg for those of the same flow
  Party from : 1 = Party::caller;  ///< who sent the message; of media events who receives
  Again again : 2 = Again::first;
  bool sdp : 1 = false;    ///< it carried a session description
  bool t38 : 1 = false;    ///< with an open line of T.38
  bool video : 1 = false;  ///< with an open line of video
  bool cut : 1 = false;    ///< less of it was captured than was on the wire
};
static_assert(sizeof(Event) == 32);
inline constexpr std::uint8_t kNoLeg = 0xff;
inline constexpr std::uint8_t kNoEndpoint = 0xff;  ///< beyond Call::kMaxEndpoints

/// The kind of a message. `in_dialog`: its request has a To tag.
[[nodiscard]] EventKind kind_of(sip::Method request_method, std::uint16_t status, bool in_dialog);

}  // namespace viaduct::call
