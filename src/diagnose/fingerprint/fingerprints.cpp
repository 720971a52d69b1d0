// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/fingerprints.hpp"

#include "base/place.hpp"
#include "call/hash.hpp"
#include "diagnose/fingerprint/fleet.hpp"
#include "diagnose/fingerprint/judge.hpp"
#include "sip/address_spec.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr std::size_t kMaxProduct = 64;
constexpr std::size_t kMaxUser = 48;

void count(std::uint16_t& counter) {
  if (counter < std::numeric_limits<std::uint16_t>::max()) ++counter;
}

/// STUN servers listen there (RFC 8489 18.6, and those that many phones have built in).
[[nodiscard]] bool is_stun_port(std::uint16_t port) {
  return port == 3478 || port == 3479 || port == 5349 || port == 19302;
}

/// The marked line with what stands around it.
[[nodiscard]] finding::Evidence evidence_at(const call::Reading& reading, Item item, base::Range where) {
  constexpr std::uint32_t kBefore = 120;
  constexpr std::uint32_t kAfter = 80;
  finding::Evidence evidence;
  evidence.input = reading.sighting.frame.file;
  evidence.frame = reading.sighting.frame.number;
  evidence.time = reading.sighting.time;
  evidence.text = entry_of(item).seen;
  const Bytes octets = reading.message.bytes();
  if (!where.present()) {
    finding::quote(evidence, octets.substr(0, kBefore + kAfter), {});
    return evidence;
  }
  const std::uint32_t least = where.offset > kBefore ? where.offset - kBefore : 0;
  std::size_t begin = octets.rfind('\n', least);
  begin = begin == Bytes::npos || least == 0 ? 0 : begin + 1;
  begin = std::max<std::size_t>(begin, where.offset > 2 * kBefore ? where.offset - 2 * kBefore : 0);
  finding::quote(evidence, octets.substr(begin, where.end() - begin + kAfter),
                 base::between(where.offset - begin, where.end() - begin));
  evidence.offset += static_cast<std::uint32_t>(begin);
  return evidence;
}

void prove(Source& source, const call::Reading& reading, Item item, base::Range where) {
  const auto known = std::find_if(source.proofs.begin(), source.proofs.end(),
                                  [item](const Proof& proof) { return proof.item == item; });
  if (known == source.proofs.end()) source.proofs.push_back({item, evidence_at(reading, item, where)});
}

[[nodiscard]] Device& device_of(Source& source, const Observation& seen) {
  const std::uint64_t user = call::hash_of(seen.user);
  // ACK and BYE often have no User-Agent: then whoever has the user.
  const auto same = [&](const Device& device) {
    return device.key == user && (seen.product.empty() || device.product.empty() ||
                                  device.product.view() == seen.product.substr(0, kMaxProduct));
  };
  const auto found = std::find_if(source.devices.begin(), source.devices.end(), same);
  const bool known = found != source.devices.end() || source.devices.size() >= Source::kMaxDevices;
  Device& device = found != source.devices.end() ? *found
                   : known                       ? source.devices.back()
                                                 : source.devices.emplace_back();
  if (!known) {
    device.key = user;
    device.user = call::Text(seen.user, kMaxUser);
  }
  if (device.product.empty()) device.product = call::Text(seen.product, kMaxProduct);
  return device;
}

void add_shape(Device& device, const Observation& seen, std::uint64_t call) {
  ChannelHistory& channel = device.channels[static_cast<std::size_t>(seen.channel)];
  const Kind media = seen.media.kind;
  if ((media == Kind::own || media == Kind::inner) && channel.last_sdp != media) {
    if (channel.last_sdp != Kind::absent) count(channel.alternations);
    channel.last_sdp = media;
    channel.last_call = 0;
  }
  if (channel.last_call == call && media == Kind::absent) return;
  if (seen.request && seen.via.kind == Kind::own) count(channel.headers_own);
  if (seen.request && seen.via.kind == Kind::inner) count(channel.headers_inner);
  if (channel.last_call == call) return;
  if (media == Kind::own) count(channel.sdp_own);
  if (media == Kind::inner) count(channel.sdp_inner);
  channel.last_call = media == Kind::absent ? channel.last_call : call;
}

/// Whether a description differs from the one before in its call while it says that it is the same (RFC 3264 8). A
/// request that is sent again with credentials is no new description.
[[nodiscard]] bool is_stale(Device& device, const Observation& seen, std::uint64_t call) {
  if (seen.session == 0 || seen.media.kind != Kind::own) return false;
  const SessionHistory now{call, seen.session, seen.media.endpoint.port};
  const auto known = std::find_if(device.sessions.begin(), device.sessions.end(),
                                  [call](const SessionHistory& history) { return history.call == call; });
  if (known == device.sessions.end()) {
    device.sessions[device.next_session++ % device.sessions.size()] = now;
    return false;
  }
  const SessionHistory before = std::exchange(*known, now);
  return !seen.first_contact && before.session == now.session && before.port != now.port;
}

/// Whether Via has the port of the NAT, which is not the one that the phone named before.
[[nodiscard]] bool knows_port(const Device& device, const Observation& seen, std::uint16_t port) {
  return seen.via.kind == Kind::own && seen.via.endpoint.port == port && device.local_port != 0 &&
         device.local_port != port;
}

/// Whether Contact has another port than before although the request comes from the same one.
[[nodiscard]] bool moves_contact(const Device& device, const Observation& seen, std::uint16_t port) {
  return seen.first_contact && seen.contact.kind == Kind::own && seen.channel != Channel::stream &&
         device.contact_from == port && device.contact.port != seen.contact.endpoint.port;
}

void add_changes(Device& device, const Observation& seen) {
  const bool translated = seen.via.kind == Kind::own || seen.media.kind == Kind::own;
  const auto note = [&](Change change, bool there) { device.changes |= there ? bit(change) : 0; };
  note(Change::call_id_own, seen.call_id.kind == Kind::own);
  note(Change::call_id_inner, translated && seen.call_id.kind == Kind::inner);
  note(Change::from_own, seen.from.kind == Kind::own);
  note(Change::from_inner, translated && seen.from.kind == Kind::inner);
  note(Change::second_contact_inner, seen.has(Item::second_contact_left));
  note(Change::contact_inner, translated && seen.contact.kind == Kind::inner);
  note(Change::origin_own, seen.media.kind == Kind::own && seen.origin.kind == Kind::own);
  note(Change::origin_inner, seen.has(Item::origin_left));
  note(Change::traced, seen.has(Item::traced_origin));
  note(Change::untraced, seen.media.kind == Kind::own && !seen.has(Item::traced_origin));
  note(Change::contact_port, seen.has(Item::ports_disagree));
  note(Change::box_via, seen.box_via);
  note(Change::respelled, seen.has(Item::respelled));
  note(Change::stream, seen.channel == Channel::stream && seen.media.kind == Kind::own);
}

void add_request(Device& device, const call::Reading& reading, const Observation& seen) {
  device.registers |= seen.registers;
  device.authenticates |= seen.authenticates;
  device.account_domain |= seen.registers && seen.from.kind == Kind::name;
  const std::uint16_t port = reading.sighting.source.port;
  if (seen.contact.kind == Kind::own) device.contact = seen.contact.endpoint;
  if (seen.contact.kind == Kind::own && seen.first_contact) device.contact_from = port;
  if (seen.via.kind == Kind::inner && seen.via.endpoint.port != 0) device.local_port = seen.via.endpoint.port;
  device.source_port = port;
  device.ports_agree |= seen.ports_agree;
  if (seen.vias != 1) return;
  count(seen.has_rport ? device.with_rport : device.without_rport);
  if (seen.order != 0) device.order[seen.registers ? 0 : 1] = seen.order;
}

}  // namespace

Source* Fingerprints::source_of(call::Point point, const net::Address& address) {
  if (!address.present()) return nullptr;
  const Key key{address, point};
  const auto known = sources_.find(key);
  if (known != sources_.end()) return &known->second;
  if (sources_.size() >= kMaxSources) {
    ++dropped_;
    return nullptr;
  }
  Source& source = sources_[key];
  source.point = point;
  source.address = address;
  return &source;
}

void Fingerprints::add(const call::Reading& reading) {
  hear(reading);
  echo(reading);
}

void Fingerprints::hear(const call::Reading& reading) {
  const call::Sighting& seen_at = reading.sighting;
  const Observation seen = observe(reading);
  if (seen.registers)
    if (Source* const registrar = source_of(seen_at.point, seen_at.destination.address)) registrar->registrar = true;
  Source* const source = source_of(seen_at.point, seen_at.source.address);
  if (source == nullptr) return;
  if (source->first == call::Time{}) source->first = seen_at.time;
  source->last = seen_at.time;
  source->outside = seen.outside;
  Device& device = device_of(*source, seen);
  device.exchange |= seen.exchange;
  device.outbound_contact |= seen.outbound_contact;
  if (seen.request) device.registers |= seen.registers;
  if (seen.relayed) {
    count(device.relayed);
    return;
  }
  source->asks |= seen.first_contact;
  for (const net::Address& inner : seen.inners())
    if (source->inners.size() < Source::kMaxInners &&
        std::find(source->inners.begin(), source->inners.end(), inner) == source->inners.end())
      source->inners.push_back(inner);
  const auto note = [&](Item item, base::Range where) {
    count(device.counts[static_cast<std::size_t>(item)]);
    prove(*source, reading, item, where);
  };
  for (const Mark& mark : seen.marks()) note(mark.item, mark.where);
  const std::uint16_t port = seen_at.source.port;
  if (knows_port(device, seen, port)) note(Item::port_known, seen.via.where);
  if (moves_contact(device, seen, port)) {
    note(Item::contact_moves, seen.contact.where);
    device.contact_returns |= seen.contact.endpoint.port == device.contact_before;
    device.contact_before = device.contact.port;
  }
  if (is_stale(device, seen, call::hash_of(reading.call_id))) note(Item::version_stale, seen.media.where);
  device.counts_right |= seen.counts_right;
  device.candidates_fit |= seen.candidates_fit;
  device.two_hands |= seen.two_hands && seen.box_via;
  if (device.excess == 0) device.excess = seen.excess;
  add_shape(device, seen, call::hash_of(reading.call_id));
  add_changes(device, seen);
  if (seen.request) add_request(device, reading, seen);
}

void Fingerprints::echo(const call::Reading& reading) {
  const call::Sighting& at = reading.sighting;
  const net::Scope scope = at.destination.address.scope();
  if (reading.is_request() || scope != net::Scope::private_use || !at.source.address.is_global()) return;
  const std::optional<Echo> said = read_echo(reading);
  Source* const source = said ? source_of(at.point, at.destination.address) : nullptr;
  if (source == nullptr) return;
  auto known = std::find_if(source->echoes.begin(), source->echoes.end(),
                            [&](const EchoHistory& history) { return history.server == at.source.address; });
  if (known == source->echoes.end()) {
    if (source->echoes.size() >= Source::kMaxServers) return;
    known = source->echoes.insert(known, {at.source.address});
  }
  if (said->seen == at.destination.address) {
    count(known->inner);
    prove(*source, reading, Item::answer_turned_back, said->where);
  } else if (said->seen.is_global()) {
    count(known->outside);
  }
}

void Fingerprints::saw_stun(call::Point point, const net::Endpoint& source, const net::Endpoint& destination) {
  const bool answer = is_stun_port(source.port);
  if (!answer && !is_stun_port(destination.port)) return;
  if (Source* const client = source_of(point, answer ? destination.address : source.address)) client->stun = true;
}

void Fingerprints::add_media(call::Point point, const net::Address& client, const net::Endpoint& announced,
                             const net::Endpoint& source) {
  const auto known = sources_.find({client, point});
  if (known == sources_.end() || announced.address != client || source.address != client) return;
  for (Device& device : known->second.devices)
    if (device.sdp_own()) count(announced.port == source.port ? device.media_true : device.media_untrue);
}

std::vector<SourceEvidence> Fingerprints::judge() const {
  Fleet fleet;
  for (const auto& [key, source] : sources_) fleet.add(source);
  std::vector<SourceEvidence> all;
  for (const auto& [key, source] : sources_)
    if (is_customer(source)) all.push_back(fingerprint::judge(source, fleet));
  std::sort(all.begin(), all.end(), [](const SourceEvidence& a, const SourceEvidence& b) {
    return std::tie(a.point, a.address) < std::tie(b.point, b.address);
  });
  return all;
}

}  // namespace viaduct::diagnose::fingerprint
