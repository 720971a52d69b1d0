// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/state.hpp"

#include <algorithm>
#include <chrono>

namespace viaduct::alg {
namespace {

// How long a call whose time is over may go on while its media still flows.
constexpr std::chrono::minutes kGraceWithTraffic{5};

// A peer that names more addresses than this is not filtered any more, so that no list grows without bound.
constexpr std::size_t kMostSources = 32;
constexpr std::size_t kMostLedgerEntries = 64;

Effect mapping_effect(Effect::Kind kind, const Mapping& mapping) {
  return {kind, mapping.key, mapping.outer, mapping.kind, {}};
}

Effect source_effect(Effect::Kind kind, const Mapping& mapping, const net::Address& source) {
  return {kind, mapping.key, mapping.outer, mapping.kind, source};
}

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

bool State::is_used(WanId wan) const {
  return std::any_of(associations_.begin(), associations_.end(), [wan](const auto& entry) {
    const Association& a = entry.second;
    return a.wan == wan ||
           std::any_of(a.mappings.begin(), a.mappings.end(), [wan](const MappingKey& key) { return key.wan == wan; });
  });
}

bool State::is_usable(const Mapping& mapping) const {
  if (mapping.key.wan >= wans_.size() || !wans_[mapping.key.wan].exists) return false;
  const bool translates = mapping.outer.port != 0 && mapping.key.inner.address.family == net::Family::ipv4;
  return !translates || wans_[mapping.key.wan].address.present();
}

// The kernel forgets guard and sources of a mapping with the mapping; both must be told. Of a mapping that cannot be
// used it knows nothing.
void State::forget(const Mapping& mapping, std::vector<Effect>& effects) const {
  if (!is_usable(mapping)) return;
  for (const net::Address& source : mapping.sources)
    effects.push_back(source_effect(Effect::Kind::disallow, mapping, source));
  if (mapping.guarded) effects.push_back(mapping_effect(Effect::Kind::unguard, mapping));
  effects.push_back(mapping_effect(Effect::Kind::unmap, mapping));
}

void State::tell(const Mapping& mapping, std::vector<Effect>& effects) const {
  if (!is_usable(mapping)) return;
  effects.push_back(mapping_effect(Effect::Kind::map, mapping));
  for (const net::Address& source : mapping.sources)
    effects.push_back(source_effect(Effect::Kind::allow, mapping, source));
  if (mapping.guarded) effects.push_back(mapping_effect(Effect::Kind::guard, mapping));
}

AssociationKey key_of(const Association& association) {
  return {association.kind == AssociationKind::registration, association.name, association.inner.address};
}

void State::apply(const Change& change, std::vector<Effect>& effects) {
  std::visit([&](const auto& one) { carry_out(one, effects); }, change);
}

std::uint64_t State::hash(const AssociationKey& key) const {
  std::uint64_t h = seed_ ^ net::AddressHash{}(key.inner) ^ (key.registration ? 0x9e37 : 0);
  for (const char c : key.id) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h ^ (h >> 31);
}

const Association* State::find(const AssociationKey& key) const {
  const auto [first, last] = by_key_.equal_range(hash(key));
  for (auto it = first; it != last; ++it) {
    const Association* association = find(it->second);
    const AssociationKey found = key_of(*association);
    if (found.registration == key.registration && found.id == key.id && found.inner == key.inner) return association;
  }
  return nullptr;
}

const Association* State::find(AssociationId id) const {
  const auto it = associations_.find(id);
  return it == associations_.end() ? nullptr : &it->second;
}

Association* State::get(AssociationId id) {
  const auto it = associations_.find(id);
  return it == associations_.end() ? nullptr : &it->second;
}

Usage State::usage_of(const net::Address& source) const {
  const auto it = usage_of_.find(source);
  return it == usage_of_.end() ? Usage{} : it->second;
}

std::uint32_t State::registrations_at(const net::Address& platform) const {
  const auto it = granted_.find(platform);
  return it == granted_.end() ? 0 : it->second;
}

void State::count(const Association& association, int step) {
  const auto by = static_cast<std::uint32_t>(step);
  auto add = [&](Usage& usage) {
    const std::uint32_t outside = association.opened_inside ? 0 : by;
    if (association.kind == AssociationKind::registration) {
      usage.registrations += by;
    } else if (association.kind == AssociationKind::transaction) {
      usage.transactions += by;
      usage.transactions_outside += outside;
    } else {
      usage.dialogs += by;
      usage.dialogs_outside += outside;
    }
  };
  const net::Address& source = association.opened_inside ? association.inner.address : association.platform.address;
  add(usage_);
  Usage& own = usage_of_[source];
  add(own);
  if (own == Usage{}) usage_of_.erase(source);
}

void State::count_grant(const Association& association, int step) {
  if (association.kind != AssociationKind::registration || association.phase != Phase::confirmed) return;
  std::uint32_t& granted = granted_[association.platform.address];
  granted += static_cast<std::uint32_t>(step);
  if (granted == 0) granted_.erase(association.platform.address);
}

void State::record(AssociationId id, const Event& event) {
  if (Association* association = get(id)) association->events.push(event);
}

void State::carry_out(const OpenAssociation& change, std::vector<Effect>&) {
  if (associations_.contains(change.id)) return;
  Association association;
  association.id = change.id;
  association.kind = change.kind;
  association.decided = change.decided;
  association.name = change.name;
  association.inner = change.inner;
  association.platform = change.platform;
  association.wan = change.wan;
  association.opened_inside = change.opened_inside;
  association.opened = change.at;
  association.expires = change.expires;
  association.sources.push_back(change.platform.address);
  next_id_ = std::max(next_id_, change.id + 1);
  by_key_.emplace(hash(key_of(association)), change.id);
  count(association, 1);
  associations_.emplace(change.id, std::move(association));
}

void State::carry_out(const Renew& change, std::vector<Effect>&) {
  if (Association* association = get(change.id)) {
    count_grant(*association, -1);
    association->phase = change.phase;
    count_grant(*association, 1);
    association->expires = change.expires;
  }
}

void State::carry_out(const AddTag& change, std::vector<Effect>&) {
  Association* association = get(change.id);
  if (association != nullptr && !contains(association->tags, change.tag)) association->tags.push_back(change.tag);
}

void State::carry_out(const DropTag& change, std::vector<Effect>&) {
  if (Association* association = get(change.id)) std::erase(association->tags, change.tag);
}

void State::carry_out(const UseMapping& change, std::vector<Effect>& effects) {
  Association* association = get(change.id);
  if (association == nullptr) return;
  Mapping* mapping = mappings_.find(change.key);
  if (mapping != nullptr && mapping->kind == MappingKind::watched && change.kind != MappingKind::watched) {
    Mapping better = *mapping;
    forget(*mapping, effects);
    mappings_.remove(change.key);
    better.outer = change.outer;
    better.kind = change.kind;
    if (!mappings_.add(better)) return;
    mapping = mappings_.find(change.key);
    tell(*mapping, effects);
  } else if (mapping == nullptr) {
    if (!mappings_.add({change.key, change.outer, change.kind, change.spelling, {}, {}, false})) return;
    mapping = mappings_.find(change.key);
    tell(*mapping, effects);
  }
  if (!change.spelling.empty()) mapping->spelling = change.spelling;
  if (!contains(mapping->users, change.id)) mapping->users.push_back(change.id);
  if (!contains(association->mappings, change.key)) association->mappings.push_back(change.key);
  refresh_filter(*mapping, effects);
}

void State::carry_out(const EnterLedger& change, std::vector<Effect>&) {
  Association* association = get(change.id);
  if (association != nullptr && association->ledger.size() < kMostLedgerEntries &&
      !contains(association->ledger, change.entry))
    association->ledger.push_back(change.entry);
}

void State::carry_out(const AdmitSource& change, std::vector<Effect>& effects) {
  Association* association = get(change.id);
  if (association == nullptr) return;
  if (!change.source.present() || association->sources.size() >= kMostSources)
    association->sources_complete = false;
  else if (!contains(association->sources, change.source))
    association->sources.push_back(change.source);
  refresh_filters(*association, effects);
}

void State::carry_out(const SetPeerMedia& change, std::vector<Effect>&) {
  if (Association* association = get(change.id)) association->peer_media = change.peer;
}

void State::carry_out(const SetAnswered& change, std::vector<Effect>& effects) {
  Association* association = get(change.id);
  if (association == nullptr) return;
  association->answered = true;
  association->answered_at = change.at;
  refresh_filters(*association, effects);
}

void State::carry_out(const LearnParty& change, std::vector<Effect>&) {
  memory_.learn(change.party, change.aspect, change.entry);
}

void State::carry_out(const ForgetParty& change, std::vector<Effect>&) {
  memory_.forget(change.party);
}

void State::carry_out(const CloseAssociation& change, std::vector<Effect>& effects) {
  const Association* association = find(change.id);
  if (association == nullptr) return;
  for (const MappingKey& key : association->mappings) {
    Mapping* mapping = mappings_.find(key);
    if (mapping == nullptr) continue;
    std::erase(mapping->users, change.id);
    if (!mapping->users.empty()) {
      refresh_filter(*mapping, effects);
      continue;
    }
    forget(*mapping, effects);
    mappings_.remove(key);
  }
  count(*association, -1);
  count_grant(*association, -1);
  const auto [first, last] = by_key_.equal_range(hash(key_of(*association)));
  for (auto it = first; it != last; ++it) {
    if (it->second != change.id) continue;
    by_key_.erase(it);
    break;
  }
  associations_.erase(change.id);
}

void State::carry_out(const MoveWan& change, std::vector<Effect>& effects) {
  if (change.wan >= wans_.size()) wans_.resize(change.wan + 1U);
  wans_[change.wan].interface = change.interface;
  if (wans_[change.wan].address == change.address) return;
  // What is only watched has no place on the outside that could move.
  auto on_wan = [&](const Mapping& m) {
    return m.key.wan == change.wan && m.outer.port != 0 && m.key.inner.address.family == net::Family::ipv4;
  };
  mappings_.for_each([&](const Mapping& mapping) {
    if (on_wan(mapping)) forget(mapping, effects);
  });
  wans_[change.wan].address = change.address;
  if (!change.address.present()) return;
  mappings_.rebase(change.wan, change.address);
  mappings_.for_each([&](const Mapping& mapping) {
    if (!on_wan(mapping)) return;
    tell(mapping, effects);
    const Event event{change.at, 0, sip::Method::none, true, Field::media, Action::opened, Reason::wan_changed};
    for (const AssociationId user : mapping.users) record(user, event);
  });
}

void State::refresh_filters(const Association& association, std::vector<Effect>& effects) {
  for (const MappingKey& key : association.mappings)
    if (Mapping* mapping = mappings_.find(key)) refresh_filter(*mapping, effects);
}

// A mapping is guarded when all its users know all their peers; then anyone of those may send. Never for
// signalling: platforms send from addresses that no message named before.
void State::refresh_filter(Mapping& mapping, std::vector<Effect>& effects) {
  bool guarded = (mapping.kind == MappingKind::media || mapping.kind == MappingKind::held) && !mapping.users.empty();
  std::vector<net::Address> sources;
  for (const AssociationId id : mapping.users) {
    const Association* user = find(id);
    if (user == nullptr) continue;
    guarded = guarded && user->answered && user->sources_complete;
    for (const net::Address& source : user->sources)
      if (!contains(sources, source)) sources.push_back(source);
  }
  if (!guarded) sources.clear();
  if (is_usable(mapping)) {
    if (mapping.guarded && !guarded) effects.push_back(mapping_effect(Effect::Kind::unguard, mapping));
    for (const net::Address& old : mapping.sources)
      if (!contains(sources, old)) effects.push_back(source_effect(Effect::Kind::disallow, mapping, old));
    for (const net::Address& source : sources)
      if (!contains(mapping.sources, source)) effects.push_back(source_effect(Effect::Kind::allow, mapping, source));
    if (!mapping.guarded && guarded) effects.push_back(mapping_effect(Effect::Kind::guard, mapping));
  }
  mapping.sources = std::move(sources);
  mapping.guarded = guarded;
}

namespace {

// A call that only rings may have media as well.
bool may_be_up(const Association& association) {
  return association.kind == AssociationKind::call && association.phase != Phase::ending &&
         !association.mappings.empty();
}

}  // namespace

bool State::needs_traffic(base::Instant now) const {
  return std::any_of(associations_.begin(), associations_.end(),
                     [now](const auto& entry) { return entry.second.expires <= now && may_be_up(entry.second); });
}

std::vector<Change> State::expire(base::Instant now, const std::function<bool(const MappingKey&)>& has_traffic) const {
  std::vector<Change> changes;
  for (const auto& [id, association] : associations_) {
    if (association.expires > now) continue;
    if (may_be_up(association) && std::any_of(association.mappings.begin(), association.mappings.end(), has_traffic))
      changes.emplace_back(Renew{id, association.phase, now + kGraceWithTraffic});
    else
      changes.emplace_back(CloseAssociation{id});
  }
  return changes;
}

std::vector<Change> State::snapshot() const {
  std::vector<Change> changes;
  changes.reserve(wans_.size() + associations_.size() * 4);
  for (std::size_t wan = 0; wan < wans_.size(); ++wan)
    if (wans_[wan].exists || is_used(static_cast<WanId>(wan)))
      changes.emplace_back(MoveWan{static_cast<WanId>(wan), wans_[wan].interface, wans_[wan].address, {}});
  for (const auto& [id, a] : associations_) {
    changes.emplace_back(OpenAssociation{id, a.kind, a.decided, a.name, a.inner, a.platform, a.wan, a.opened_inside,
                                         a.opened, a.expires});
    changes.emplace_back(Renew{id, a.phase, a.expires});
    for (const std::uint32_t tag : a.tags) changes.emplace_back(AddTag{id, tag});
    for (const LedgerEntry& entry : a.ledger) changes.emplace_back(EnterLedger{id, entry});
    for (const net::Address& source : a.sources) changes.emplace_back(AdmitSource{id, source});
    if (!a.sources_complete) changes.emplace_back(AdmitSource{id, {}});
    for (const MappingKey& key : a.mappings)
      if (const Mapping* m = mappings_.find(key))
        changes.emplace_back(UseMapping{id, key, m->outer, m->kind, m->spelling});
    if (a.peer_media) changes.emplace_back(SetPeerMedia{id, *a.peer_media});
    if (a.answered) changes.emplace_back(SetAnswered{id, a.answered_at});
  }
  memory_.for_each([&](const net::Address& party, Aspect aspect, const MemoryEntry& entry) {
    changes.emplace_back(LearnParty{party, aspect, entry});
  });
  return changes;
}

std::vector<Effect> State::kernel_view() const {
  std::vector<Effect> effects;
  mappings_.for_each([&](const Mapping& mapping) { tell(mapping, effects); });
  return effects;
}

}  // namespace viaduct::alg
