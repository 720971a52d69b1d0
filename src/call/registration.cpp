// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/registration.hpp"

#include "base/text.hpp"
#include "call/hash.hpp"
#include "call/transaction.hpp"
#include "sip/address_spec.hpp"
#include "sip/parameters.hpp"
#include "sip/via.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::call {

Bytes name(RegistrationState state) {
  constexpr std::array<Bytes, 5> kNames = {"trying", "challenged", "registered", "unregistered", "refused"};
  return kNames[static_cast<std::size_t>(state)];
}

Bytes name(LossKind kind) {
  constexpr std::array<Bytes, 3> kNames = {"no answer", "expired", "refused"};
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

/// The Contact that a response says something about: the registrar lists the bindings of other devices, too.
[[nodiscard]] std::optional<sip::NameAddr> contact_of(const Reading& reading, Bytes uri) {
  std::optional<sip::NameAddr> first;
  for (sip::NameAddrs all(reading.message, sip::HeaderId::contact);
       const std::optional<sip::Result<sip::NameAddr>> contact = all.next();) {
    if (!*contact) continue;
    if (!first) first = **contact;
    if (!(*contact)->star && reading.message.text((*contact)->uri.whole).substr(0, 96) == uri) return **contact;
  }
  return first;
}

[[nodiscard]] std::optional<std::uint32_t> expires_of(const Reading& reading,
                                                      const std::optional<sip::NameAddr>& contact) {
  const Bytes octets = reading.message.bytes();
  if (contact) {
    const base::Range value = sip::parameter_value(octets, contact->parameters, "expires");
    if (value.present())
      if (const sip::Result<std::uint32_t> seconds = sip::parse_delta_seconds(octets, value)) return *seconds;
  }
  const sip::Result<std::uint32_t> seconds = sip::expires(reading.message);
  return seconds ? std::optional(*seconds) : std::nullopt;
}

/// The challenge says that the nonce alone was too old (RFC 7616 3.3).
[[nodiscard]] bool is_stale(const Reading& reading) {
  constexpr Bytes kStale = "stale=true";
  for (const sip::HeaderId id : {sip::HeaderId::www_authenticate, sip::HeaderId::proxy_authenticate}) {
    const sip::Header* const header = reading.message.find(id);
    if (header == nullptr) continue;
    const Bytes text = reading.message.text(header->value());
    const auto same = [](char a, char b) { return base::to_lower(a) == b; };
    if (std::search(text.begin(), text.end(), kStale.begin(), kStale.end(), same) != text.end()) return true;
  }
  return false;
}

}  // namespace

bool Registration::is_refusal(const Reading& reading) {
  return reading.is_final() && !reading.is_success() && reading.status != 401 && reading.status != 407 &&
         reading.status != 423;
}

void Registration::add_unfollowed(const Reading& refusal, Time last_grant) {
  client = refusal.sighting.destination;
  registrar = refusal.sighting.source;
  if (last_grant != kNever) {
    state = RegistrationState::registered;
    first = granted = last_grant;
    grants = {last_grant};
    grant_count = 1;
  }
  add(refusal);
}

void Registration::add(const Reading& reading) {
  last = std::max(last, reading.sighting.time);
  advance(reading.sighting.time);
  if (reading.is_request())
    add_request(reading);
  else
    add_response(reading);
}

/// Whether the device that sent this sent its last request from another endpoint.
bool Registration::moved(const Reading& reading) {
  const std::uint64_t id = hash_of(reading.call_id);
  const net::Endpoint& source = reading.sighting.source;
  const auto known = std::ranges::find(devices_, id, &Device::id_hash);
  if (known != devices_.end()) return std::exchange(known->client, source) != source;
  if (devices_.size() >= kMaxDevices) devices_.erase(devices_.begin());
  devices_.push_back({id, source});
  return false;
}

void Registration::add_request(const Reading& reading) {
  const Sighting& sighting = reading.sighting;
  if (pending_key_ == reading.transaction_key && pending_cseq_ == reading.cseq) {
    if (sighting.time - pending_last_ >= kMirrorTime) ++retransmissions;
    pending_last_ = sighting.time;
    return;
  }
  if (moved(reading)) {
    ++move_count;
    if (moves.size() < kMaxMoves) moves.push_back({sighting.time, sighting.source});
  }
  ++requests;
  client = sighting.source;
  registrar = sighting.destination;
  connected = connected || sighting.transport != sip::Transport::udp;
  pending_key_ = reading.transaction_key;
  pending_cseq_ = reading.cseq;
  // Who gives up early and asks anew has waited since the first one.
  if (pending_ == kNever) {
    pending_ = sighting.time;
    pending_frame_ = sighting.frame;
  }
  pending_last_ = sighting.time;
  credentials_ = reading.message.find(sip::HeaderId::authorization) != nullptr ||
                 reading.message.find(sip::HeaderId::proxy_authorization) != nullptr;
  if (product.empty()) product = Text(reading.message.text(sip::product(reading.message)), 48);
  const sip::Result<sip::NameAddr> named = sip::first_name_addr(reading.message, sip::HeaderId::contact);
  if (named && !named->star) contact = Text(reading.message.text(named->uri.whole), 96);
  expires_asked = expires_of(reading, named ? std::optional(*named) : std::nullopt);
}

void Registration::add_response(const Reading& reading) {
  if (!reading.is_final()) return;
  const bool awaited = pending_ != kNever && pending_cseq_ == reading.cseq;
  pending_ = kNever;
  if (!awaited && requests > 0) return;  // seen before
  if (const sip::Result<sip::Via> via = sip::top_via(reading.message);
      via && via->received_address.present() && via->rport_value != 0)
    seen_as = {via->received_address, via->rport_value};
  if (reading.is_success()) {
    grant(reading);
  } else if (reading.status == 401 || reading.status == 407) {
    ++challenges;
    if (credentials_ && !is_stale(reading)) {
      ++denials;
      denial = reading.status;
      denial_frame = reading.sighting.frame;
    }
    if (state != RegistrationState::registered) state = RegistrationState::challenged;
  } else if (reading.status == 423) {
    ++too_brief;
  } else {
    ++refusals;
    last_failure = reading.status;
    failure_frame = reading.sighting.frame;
    if (state == RegistrationState::registered)
      lose({reading.sighting.time, reading.sighting.frame, LossKind::refused, reading.status});
    state = RegistrationState::refused;
  }
}

void Registration::grant(const Reading& reading) {
  expires_given = expires_of(reading, contact_of(reading, contact.view()));
  const bool removed = expires_given.value_or(expires_asked.value_or(1)) == 0 || expires_asked == 0U;
  state = removed ? RegistrationState::unregistered : RegistrationState::registered;
  if (removed) return;
  granted = reading.sighting.time;
  granted_frame = reading.sighting.frame;
  expiry_noted_ = false;
  ++grant_count;
  if (grants.size() < kMaxTimes) grants.push_back(granted);
}

void Registration::lose(const Loss& loss) {
  ++loss_count;
  if (losses.size() < kMaxLosses) losses.push_back(loss);
}

void Registration::advance(Time now) {
  if (pending_ != kNever && now > pending_ && now - pending_ >= kTimerB) {
    lose({pending_, pending_frame_, LossKind::no_answer, 0});
    pending_ = kNever;
  }
  if (state != RegistrationState::registered || expiry_noted_ || !expires_given) return;
  const Time end = granted + std::chrono::seconds(*expires_given);
  if (now <= end) return;
  expiry_noted_ = true;
  lose({end, granted_frame, LossKind::expired, 0});
}

Duration Registration::refresh_interval() const {
  if (grants.size() < 2) return {};
  std::vector<Duration> between;
  for (std::size_t i = 1; i < grants.size(); ++i) between.push_back(grants[i] - grants[i - 1]);
  const auto middle = between.begin() + static_cast<std::ptrdiff_t>(between.size() / 2);
  std::nth_element(between.begin(), middle, between.end());
  return *middle;
}

std::size_t Registration::footprint() const {
  return sizeof(Registration) + aor.footprint() + contact.footprint() + product.footprint() +
         grants.capacity() * sizeof(Time) + losses.capacity() * sizeof(Loss) + moves.capacity() * sizeof(Move) +
         devices_.capacity() * sizeof(Device);
}

}  // namespace viaduct::call
