// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/alignment.hpp"
#include "diagnose/sides/behaviour.hpp"
#include "diagnose/sides/datagrams.hpp"
#include "diagnose/sides/family.hpp"
#include "diagnose/sides/mapping_table.hpp"
#include "diagnose/sides/media_loss.hpp"
#include "diagnose/sides/message_diff.hpp"
#include "diagnose/sides/stream_join.hpp"
#include "finding/byte_diff.hpp"
#include "sip/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::diagnose::sides {

/// A change with what it does.
struct JudgedChange {
  FieldChange change;
  Bytes behaviour;            ///< of the failure catalogue; empty: none by itself
  Truth truth = Truth::none;  ///< of a written endpoint
  net::Endpoint before{};     ///< that stood there; not present: the change is none of an address
  net::Endpoint after{};
};

/// A message of which both sides do not have the same octets.
struct ChangedMessage {
  std::uint32_t pair = 0;  ///< index into Alignment::pairs
  std::vector<JudgedChange> changes;
  Translated translated{};    ///< outbound
  std::vector<Field> left{};  ///< where the inside is still named outside although it was translated elsewhere
  bool sdp = false;           ///< a change is in SDP
  sip::Framing framing_before = sip::Framing::exact;
  sip::Framing framing_after = sip::Framing::exact;

  [[nodiscard]] bool is_false() const;  ///< an endpoint that is no mapping was written
  [[nodiscard]] bool breaks_framing() const;
};

/// A message that one side alone has, all copies of it together.
struct LoneMessage {
  Side side = Side::first;  ///< that has it
  std::uint32_t index = 0;  ///< its first copy in MessageStore::all() of that side
  std::uint32_t copies = 1;
  std::uint32_t covered = 0;  ///< copies behind which the other capture still has frames: it was running
  /// Of these those between which something arrived, whichever way: in an outage nothing does, so that all that it
  /// takes away count once. Those count not at all that fell into a time in which media that went the same way was
  /// lost, or a message of another kind and call that passes at other times.
  std::uint32_t occasions = 0;
  bool media_lost = false;          ///< with a copy
  bool others_lost = false;         ///< with a copy, such messages
  bool made = false;                ///< it came from the other side, which never had it: the box made it itself
  bool inbound = false;             ///< it was on its way to the inner side
  std::uint32_t neighbours = 0;     ///< messages between the same hosts that passed within 32 s
  bool passed_between = false;      ///< one of these between its copies
  std::uint32_t passed_before = 0;  ///< messages that passed the same way, between any hosts, before its first copy
  std::optional<Duration> quiet{};  ///< since the last one before it that passed between the same hosts
  bool closed = false;    ///< inbound, to an outer endpoint that let others in, but never after so long a silence
  bool unmapped = false;  ///< inbound, to an outer endpoint that no packet shows to be a mapping
  bool stranger = false;  ///< inbound, from an endpoint with which nothing had passed there: NAT may filter it
  std::vector<Bytes> behaviours{};  ///< several where both captures do not tell them apart
};

/// The outer media endpoint that was written for an inner one changed within a dialog.
struct Remap {
  net::Endpoint inner;
  net::Endpoint before;
  net::Endpoint after;
  std::uint32_t pair = 0;           ///< the message that wrote the other one
  bool held = false;                ///< after a hold
  bool same_version = false;        ///< o= had the same sess-version as before
  std::optional<MissingRun> gap{};  ///< media that one side alone has, within 5 s of it
};

/// A message from the inside whose Contact names it.
struct ContactFate {
  std::uint32_t pair = 0;
  bool edited = false;
  Range after{};  ///< the address behind the box; absent: not found there
};

/// A TCP connection that carries octets that are no SIP behind a message whose length was changed, on that side alone.
struct OutOfStep {
  std::uint32_t pair = 0;    ///< the message
  std::uint32_t stream = 0;  ///< index into SideLog::streams of the side where it arrived
};

/// Two captures of the same traffic, held against each other. Borrows both logs.
struct Comparison {
  std::array<const SideLog*, 2> logs{};
  Alignment alignment;
  Side inner = Side::first;
  bool inner_known = false;  ///< addresses are translated between the sides, or who asked said so
  MappingTable mappings;
  std::vector<ChangedMessage> changed;  ///< by time
  std::vector<std::uint32_t> proxied;   ///< pairs with a SIP proxy or B2BUA between: not compared octet by octet
  std::vector<LoneMessage> lone;        ///< by time; only what is known to have been on its way across
  std::vector<Remap> remaps;
  std::vector<std::uint32_t> astray;  ///< pairs: answers that were given to another inner port than the request's
  std::vector<std::uint32_t> torn;    ///< pairs: their Call-ID was written otherwise than that of others of the dialog
  std::vector<ContactFate> contacts;
  std::vector<OutOfStep> out_of_step;
  StreamJoins streams;
  std::vector<MediaLoss> losses;
  Datagrams datagrams;  ///< that are neither SIP nor media
  TraitCount traits;
  FamilyGuess family;
  std::uint64_t compared = 0;    ///< messages whose octets were compared
  std::uint64_t cut = 0;         ///< pairs that were captured in part on a side
  std::uint64_t relay_kept = 0;  ///< changed c= or m= that named a public media relay before

  [[nodiscard]] const SeenMessage& first(const MessagePair& pair) const;
  [[nodiscard]] const SeenMessage& second(const MessagePair& pair) const;
  /// On its way: where it came from, and where it arrived.
  [[nodiscard]] const SeenMessage& before(const MessagePair& pair) const;
  [[nodiscard]] const SeenMessage& after(const MessagePair& pair) const;
  [[nodiscard]] bool outbound(const MessagePair& pair) const { return pair.from == inner; }
  [[nodiscard]] const SeenMessage& message(const LoneMessage& one) const;
  [[nodiscard]] const SideLog& log(Side side) const { return *logs[static_cast<std::size_t>(side)]; }
  /// By the clock of the first side.
  [[nodiscard]] Time time_of(Side side, Time time) const;
  /// Whether anything is on both sides.
  [[nodiscard]] bool matches() const {
    return !alignment.pairs.empty() || !streams.joins.empty() || !datagrams.joined.empty();
  }
  /// Whether what `side` saw at `time` would be in the capture of the other one: it has frames before and behind, and
  /// missed none then.
  [[nodiscard]] bool is_covered(Side side, Time time) const;

  [[nodiscard]] finding::ByteDiff byte_diff(const ChangedMessage& message) const;
};

struct CompareSettings {
  std::optional<Side> inner{};  ///< told by whoever asks; else by TTL and addresses
};

/// Both logs must outlive the result.
[[nodiscard]] Comparison compare(const SideLog& first, const SideLog& second, const CompareSettings& settings = {});

}  // namespace viaduct::diagnose::sides
