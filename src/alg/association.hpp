// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/mapping.hpp"
#include "alg/policy.hpp"
#include "alg/reason.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "sip/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace viaduct::alg {

enum class AssociationKind : std::uint8_t { call, registration, subscription, transaction };
enum class Phase : std::uint8_t { early, confirmed, ending };

[[nodiscard]] base::Bytes text(AssociationKind kind);
[[nodiscard]] base::Bytes text(Phase phase);

/// One edit of a dialog in the form that can be undone: what stood there and what stands there now.
/// For SDP o= the two may be equal, which records "was left as it is, and stays so".
struct LedgerEntry {
  Field field = Field::message;
  std::string inner;
  std::string outer;
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

/// One line of `why`: what happened to one field of one message. 16 octets, no text: the ledger has it.
struct Event {
  base::Instant at;
  std::uint16_t status = 0;  ///< 0 for a request
  sip::Method method = sip::Method::none;
  bool outbound = false;
  Field field = Field::message;
  Action action = Action::left;
  Reason reason = Reason::none;
};

/// The newest events, a ring.
class EventRing {
 public:
  static constexpr std::size_t kCapacity = 48;
  void push(const Event& event);
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  /// Oldest first.
  [[nodiscard]] const Event& at(std::size_t index) const { return events_[(first_ + index) % events_.size()]; }

 private:
  std::vector<Event> events_;
  std::size_t first_ = 0;
};

/// What makes an association: dialogs by Call-ID, registrations by address of record, both by inner host.
/// Tags are no part of it: all forks of one INVITE share the offer, hence its mappings.
struct AssociationKey {
  bool registration = false;
  base::Bytes id;  ///< Call-ID, or user@host of the address of record
  net::Address inner;
};

/// What was decided at the first message and holds to the end (promise 2). `none` means "may be edited".
struct Decided {
  Mode mode = Mode::observe;
  Reason contact = Reason::none;
  Reason sdp = Reason::none;
  friend bool operator==(const Decided&, const Decided&) = default;
};

/// A dialog set, registration, subscription or single transaction of one inner endpoint: owner of
/// mappings, ledger and the permission for others to send.
struct Association {
  AssociationId id = 0;
  AssociationKind kind = AssociationKind::call;
  Phase phase = Phase::early;
  Decided decided;
  std::string name;  ///< Call-ID or address of record
  net::Endpoint inner;
  net::Endpoint platform;
  WanId wan = 0;
  bool opened_inside = true;
  base::Instant opened;
  base::Instant expires;
  std::vector<std::uint32_t> tags;  ///< hashes of remote tags with a confirmed dialog
  std::vector<LedgerEntry> ledger;
  std::vector<net::Address> sources;  ///< every peer address seen in signalling and SDP
  bool answered = false;              ///< offer and answer are complete: sources may be enforced
  base::Instant answered_at;
  bool sources_complete = true;             ///< false once SDP named a host or a private address
  std::optional<net::Endpoint> peer_media;  ///< where the peer said it receives its first stream
  std::vector<MappingKey> mappings;
  EventRing events;

  [[nodiscard]] const LedgerEntry* entry(Field field) const;
  /// The entry of `field` whose outer text is `outer`.
  [[nodiscard]] const LedgerEntry* entry_by_outer(Field field, base::Bytes outer) const;
};

}  // namespace viaduct::alg
