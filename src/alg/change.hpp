// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/association.hpp"
#include "alg/mapping.hpp"
#include "alg/memory.hpp"

#include <string>
#include <variant>

namespace viaduct::alg {

// What can happen to the state, in full. decide() returns these as data; State::apply is the only place
// that carries them out, and the journal is their sequence (docs/adr/0005).

struct OpenAssociation {
  AssociationId id = 0;
  AssociationKind kind = AssociationKind::call;
  Decided decided;
  std::string name;
  net::Endpoint inner;
  net::Endpoint platform;
  WanId wan = 0;
  bool opened_inside = true;  ///< which side counts towards the limit per source
  base::Instant at;
  base::Instant expires;
};

struct Renew {
  AssociationId id = 0;
  Phase phase = Phase::early;
  base::Instant expires;
};

struct AddTag {
  AssociationId id = 0;
  std::uint32_t tag = 0;
};

struct DropTag {
  AssociationId id = 0;
  std::uint32_t tag = 0;
};

/// A new mapping, or one more user of an existing one. A `watched` mapping becomes a `media` one.
struct UseMapping {
  AssociationId id = 0;
  MappingKey key;
  net::Endpoint outer;
  MappingKind kind = MappingKind::media;
  std::string spelling;
};

struct EnterLedger {
  AssociationId id = 0;
  LedgerEntry entry;
};

/// A peer address was seen; an absent one means "a name or an unusable address": anyone may send.
struct AdmitSource {
  AssociationId id = 0;
  net::Address source;
};

/// Where the peer said that it receives its first stream.
struct SetPeerMedia {
  AssociationId id = 0;
  net::Endpoint peer;
};

/// Offer and answer are complete.
struct SetAnswered {
  AssociationId id = 0;
  base::Instant at;
};

struct LearnParty {
  net::Address party;
  Aspect aspect = Aspect::contact;
  MemoryEntry entry;
};

struct ForgetParty {
  net::Address party;
};

struct CloseAssociation {
  AssociationId id = 0;
};

/// The WAN has another address: all its mappings move there with their ports. Without an address they wait.
struct MoveWan {
  WanId wan = 0;
  std::string interface;  ///< what the WAN is in the next run, where its number may be another
  net::Address address;
  base::Instant at;
};

using Change = std::variant<OpenAssociation, Renew, AddTag, DropTag, UseMapping, EnterLedger, AdmitSource, SetPeerMedia,
                            SetAnswered, LearnParty, ForgetParty, CloseAssociation, MoveWan>;

/// What the kernel must learn of a change, in order.
struct Effect {
  enum class Kind : std::uint8_t {
    map,      ///< translate and permit inner <-> outer
    unmap,    ///< undo it
    guard,    ///< from now on only allowed sources reach `outer`
    unguard,  ///< anyone may
    allow,    ///< `source` may send to `outer`
    disallow,
  };
  Kind kind = Kind::map;
  MappingKey key;
  net::Endpoint outer;
  MappingKind mapping = MappingKind::media;
  net::Address source;
};

}  // namespace viaduct::alg
