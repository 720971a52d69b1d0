// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/dialog.hpp"
#include "call/ending.hpp"
#include "call/event.hpp"
#include "call/negotiation.hpp"
#include "call/reading.hpp"
#include "call/sighting.hpp"
#include "call/transaction.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace viaduct::call {

/// Counted from 1 in the order in which calls were first seen; never used again.
using CallNumber = std::uint64_t;

/// A hop of a call: what travelled between two elements. In a capture beside a proxy a call has one on each side of
/// it. A direct ACK or BYE between endpoints belongs to the leg of its sender.
struct Leg {
  net::Endpoint caller;  ///< who sent the first request, and where to
  net::Endpoint callee;
  sip::Transport transport = sip::Transport::udp;
  std::vector<std::pair<net::Endpoint, net::Endpoint>> hops;  ///< pairs it was seen between, the lower first
  TransactionList transactions;
  Negotiation negotiation;
};

/// A party as the headers name it.
struct Identity {
  Text uri;               ///< of From or To, without parameters; first 96 octets
  Text user;              ///< its user part, first 48 octets
  Text product;           ///< User-Agent or Server, first 48 octets
  net::Endpoint contact;  ///< of its last Contact outside of dialogs; address not present for a host name
};

/// A message that refreshes the flow between two endpoints, whatever it is about.
struct FlowMark {
  Time time{};
  FrameRef frame;
  std::uint32_t cseq = 0;
  std::uint16_t status = 0;
  EventKind kind{};
  sip::Method method = sip::Method::none;
  net::Endpoint source;
  net::Endpoint destination;
};

/// All that one point saw of one Call-ID: its legs, dialogs, media and events. Legs of a B2BUA have a Call-ID each and
/// are calls of their own here; users, times, media and Session-ID are there to tie them.
struct Call {
  static constexpr std::size_t kMaxLegs = 8;
  static constexpr std::size_t kMaxDialogs = 24;
  static constexpr std::size_t kMaxEndpoints = 64;
  static constexpr std::size_t kMaxEvents = 2048;

  CallNumber number = 0;
  Point point = 0;
  Text call_id;                     ///< first 128 octets
  std::uint64_t id_hash = 0;        ///< of the whole Call-ID
  Text session_id;                  ///< local part of Session-ID (RFC 7989), first 32 octets
  std::array<Identity, 2> parties;  ///< by Party
  Text caller_tag;                  ///< first 64 octets
  std::uint64_t caller_hash = 0;    ///< of the whole tag
  bool begin_seen = false;          ///< its first message is an INVITE without To tag
  Time first{};                     ///< first and last message of the Call-ID
  Time last{};
  Time invited = kNever;   ///< first INVITE
  Time rang = kNever;      ///< first 1xx but 100
  Time answered = kNever;  ///< first 2xx to the first INVITE
  Time over = kNever;      ///< BYE, or the failure of the INVITE, was answered
  Ending ending;           ///< set when the call is finished
  std::vector<Leg> legs;
  std::vector<Dialog> dialogs;
  std::vector<net::Endpoint> endpoints;  ///< that events refer to
  std::vector<Event> events;             ///< by time
  std::uint32_t challenges = 0;          ///< 401 and 407 to an INVITE
  std::uint32_t messages = 0;            ///< sightings
  std::uint32_t retransmissions = 0;
  std::uint32_t mirrored = 0;
  std::uint32_t stray = 0;           ///< ACK and CANCEL without INVITE
  std::uint32_t dropped_events = 0;  ///< beyond kMaxEvents, or shrunk away
  std::uint32_t dropped_dialogs = 0;
  std::uint32_t dropped_legs = 0;  ///< hops beyond kMaxLegs, whose messages are not in the legs

  /// Begins with the first message of its Call-ID at this point.
  explicit Call(CallNumber number_given, const Reading& reading);

  /// A further message; the first one too.
  void add(const Reading& reading);
  /// A mark of the flow that a leg runs over, which is no message of this call.
  void add_flow_mark(const FlowMark& mark);
  /// Sets `ending`, ends the media. `now`: until when the capture was seen.
  void finish(Time now);
  /// Drops what a finished call need not keep until it takes no more than `octets` (or nothing is left to drop):
  /// transactions that went well, then the middle of events and spans. Best taken at 2048.
  void shrink(std::size_t octets);
  /// Octets of memory, itself included.
  [[nodiscard]] std::size_t footprint() const;

  /// Some dialog was confirmed, or had been before the capture began.
  [[nodiscard]] bool established() const;
  /// Whether a leg begins at the element where the first one does: it tries other servers, or forks. Other legs are
  /// further down the road.
  [[nodiscard]] bool from_first_client(const Leg& leg) const;
  /// Where `receiver` receives its m= line `line` at a time, over all legs; nullptr if nobody said.
  [[nodiscard]] const MediaSpan* media_at(Party receiver, std::uint8_t line, Time time) const VIADUCT_LIFETIME_BOUND;

 private:
  std::uint8_t leg_of(const Reading& reading);
  [[nodiscard]] std::uint8_t leg_that_knows(const Reading& reading) const;
  [[nodiscard]] Party sender_of_request(const Reading& reading) const;
  std::uint8_t dialog_of(const Reading& reading, Party from, std::uint8_t leg);
  [[nodiscard]] bool makes_dialog(const Reading& reading) const;
  [[nodiscard]] static bool says_no_tag(const Reading& reading);
  std::uint8_t nameless_dialog(std::uint64_t caller, Bytes callee);
  std::uint8_t endpoint_index(const net::Endpoint& endpoint);
  void note_party(const Reading& reading, Party sender);
  void note_dialog(const Reading& reading, Party from, std::uint8_t dialog, std::uint8_t leg);
  [[nodiscard]] bool rings_elsewhere() const;
  void note_times(const Reading& reading, Party from, std::uint8_t leg);
  void note_media(const Reading& reading, MediaDescription&& description, std::uint8_t dialog, const Event& event);
  void push(const Event& event);
  void shrink_events(std::size_t most);
  void shrink_legs(std::size_t most);

  std::uint32_t session_asked_ = 0;  ///< Session-Expires of the last INVITE
  Text invite_contact_;              ///< Contact of the last INVITE outside of dialogs
};

}  // namespace viaduct::call
