// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/signalling.hpp"

#include "call/hash.hpp"
#include "sip/address_spec.hpp"

#include <algorithm>

namespace viaduct::call {

namespace {

/// One address-of-record at one client and registrar, whatever ports a NAT gives them.
[[nodiscard]] std::string registration_key(const Reading& reading, Bytes aor) {
  const bool request = reading.is_request();
  const net::Endpoint& client = request ? reading.sighting.source : reading.sighting.destination;
  const net::Endpoint& registrar = request ? reading.sighting.destination : reading.sighting.source;
  std::string key(aor.substr(0, 255));
  key += ' ';
  key += client.address == registrar.address ? client.to_text() : client.address.to_text();
  key += ' ';
  return key + registrar.address.to_text();
}

[[nodiscard]] std::uint64_t hash_of(const Signalling::Key& key) {
  return mix(call::hash_of(key.first), key.second);
}

[[nodiscard]] Bytes package_of(const sip::Message& message) {
  const sip::Header* const event = message.find(sip::HeaderId::event);
  if (event == nullptr) return "";
  const Bytes text = message.text(event->value());
  return text.substr(0, text.find_first_of("; \t\r\n"));
}

}  // namespace

sip::Result<sip::Message> Signalling::parse(Bytes octets) {
  sip::Result<sip::Message> whole = sip::parse(octets);
  if (whole) return whole;
  const sip::Problem problem = whole.error().code;
  if (problem != sip::Problem::no_colon && problem != sip::Problem::bad_header_name) return whole;
  // What the capture or a router cut off, or wrote into, leaves the lines before it readable.
  sip::Result<sip::Message> head = sip::parse(octets.substr(0, whole.error().offset));
  if (head) ++counts_.damaged;
  return head;
}

void Signalling::add(const Sighting& sighting) {
  const sip::Result<sip::Message> message = parse(sighting.octets);
  if (!message) {
    const bool keep_alive = sighting.octets.find_first_not_of(Bytes("\r\n\0", 3)) == Bytes::npos;
    if (!keep_alive && message.error().code != sip::Problem::empty) {
      ++counts_.unreadable;
      return;
    }
    ++counts_.keep_alives;
    calls_.flows().add(sighting.point, {.time = sighting.time,
                                        .frame = sighting.frame,
                                        .kind = EventKind::keep_alive,
                                        .source = sighting.source,
                                        .destination = sighting.destination});
    return;
  }
  ++counts_.messages;
  if (sighting.octets.size() < sighting.length) ++counts_.cut;
  if (message->is_request())
    ++counts_.requests[static_cast<std::size_t>(message->method())];
  else
    ++counts_.responses[message->status()];
  if (const sip::Result<Reading> reading = read(sighting, *message))
    dispatch(*reading);
  else
    ++counts_.unassigned;
}

void Signalling::dispatch(const Reading& reading) {
  calls_.advance(reading.sighting.time);
  if (observer_ != nullptr) observer_->heard(reading);
  switch (reading.method) {
    case sip::Method::register_:
      add_registration(reading);
      mark_flow(reading);
      return;
    case sip::Method::invite:
    case sip::Method::ack:
    case sip::Method::bye:
    case sip::Method::cancel:
    case sip::Method::prack:
    case sip::Method::update:
      calls_.add(reading);
      return;
    default:
      break;
  }
  if (calls_.knows(reading)) {
    calls_.add(reading);
    return;
  }
  if (reading.method == sip::Method::subscribe || reading.method == sip::Method::notify) add_subscription(reading);
  mark_flow(reading);
}

void Signalling::add_registration(const Reading& reading) {
  const sip::Result<sip::NameAddr> to = sip::to(reading.message);
  const Bytes aor = to ? reading.message.text(to->uri.whole) : Bytes();
  const Key key(registration_key(reading, aor), reading.sighting.point);
  const auto known = registrations_.find(key);
  if (known != registrations_.end()) return known->second.add(reading);
  if (registrations_.size() >= kMaxRegistrations) return add_beyond(reading, key, aor);
  begin_registration(reading, key, aor).add(reading);
}

Registration& Signalling::begin_registration(const Reading& reading, const Key& key, Bytes aor) {
  Registration& registration = registrations_[key];
  registration.point = reading.sighting.point;
  registration.aor = Text(aor, 96);
  registration.first = reading.sighting.time;
  return registration;
}

/// There is no room for another one: of those that come now only whether they were granted is kept, and who is refused
/// is followed all the same.
void Signalling::add_beyond(const Reading& reading, const Key& key, Bytes aor) {
  const std::uint64_t hash = hash_of(key);
  auto known = beyond_.find(hash);
  if (known == beyond_.end()) {
    if (beyond_.size() >= kMaxLeftOut) return;
    known = beyond_.emplace(hash, kNever).first;
    ++counts_.dropped_registrations;
  }
  const bool bound = reading.message.find(sip::HeaderId::contact) != nullptr;
  if (reading.is_success()) known->second = bound ? reading.sighting.time : kNever;
  if (!Registration::is_refusal(reading) || registrations_.size() >= kMaxRegistrations + kMaxRefused) return;
  Registration& registration = begin_registration(reading, key, aor);
  registration.add_unfollowed(reading, known->second);
  --counts_.dropped_registrations;
}

void Signalling::add_subscription(const Reading& reading) {
  const Key key(reading.call_id.substr(0, 255), reading.sighting.point);
  auto entry = subscriptions_.find(key);
  if (entry == subscriptions_.end()) {
    if (subscriptions_.size() >= kMaxSubscriptions) {
      if (unfollowed_.size() < kMaxLeftOut && unfollowed_.insert(hash_of(key)).second) ++counts_.dropped_subscriptions;
      return;
    }
    entry = subscriptions_.try_emplace(key).first;
    entry->second.point = reading.sighting.point;
    entry->second.call_id = Text(reading.call_id, 128);
    entry->second.first = reading.sighting.time;
  }
  if (entry->second.package.empty()) entry->second.package = Text(package_of(reading.message), 32);
  entry->second.add(reading);
}

void Signalling::mark_flow(const Reading& reading) {
  calls_.flows().add(reading.sighting.point, {.time = reading.sighting.time,
                                              .frame = reading.sighting.frame,
                                              .cseq = reading.cseq,
                                              .status = reading.status,
                                              .kind = kind_of(reading.method, reading.status, false),
                                              .method = reading.method,
                                              .source = reading.sighting.source,
                                              .destination = reading.sighting.destination});
}

void Signalling::unreachable(Point point, const net::Endpoint& source, const net::Endpoint& destination, Time time,
                             FrameRef frame) {
  calls_.flows().add(
      point,
      {.time = time, .frame = frame, .kind = EventKind::unreachable, .source = destination, .destination = source});
}

void Signalling::finish() {
  calls_.finish();
  for (auto& [key, registration] : registrations_) registration.advance(calls_.now());
}

}  // namespace viaduct::call
