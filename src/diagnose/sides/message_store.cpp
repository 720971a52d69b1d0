// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/message_store.hpp"

#include "call/hash.hpp"
#include "sip/address_spec.hpp"

namespace viaduct::diagnose::sides {

std::string SeenMessage::name() const {
  // The method of a request that has no name of its own is what its start line says.
  const std::string word = method == sip::Method::other && is_request()
                               ? octets.substr(0, std::min<std::size_t>(octets.find(' '), 32))
                               : std::string(sip::name(method));
  return is_request() ? word : std::to_string(status) + " to " + word;
}

std::uint64_t users_of(const call::Reading& reading) {
  const auto user = [&](const sip::Result<sip::NameAddr>& value) {
    return call::hash_of(value ? reading.message.text(value->uri.user) : Bytes{});
  };
  return call::mix(user(sip::from(reading.message)), user(sip::to(reading.message)));
}

std::uint64_t message_key(const call::Reading& reading) {
  using call::hash_of;
  using call::mix;
  const std::uint64_t tags = mix(hash_of(reading.from_tag), hash_of(reading.to_tag));
  const std::uint64_t method = reading.method == sip::Method::other && reading.is_request()
                                   ? hash_of(reading.message.text(reading.message.method_text()))
                                   : static_cast<std::uint64_t>(reading.method);
  return mix(mix(method, std::uint64_t{reading.status} << 32U | reading.cseq), tags);
}

bool MessageStore::add(const call::Reading& reading, const Carriage& carriage) {
  const call::Sighting& sighting = reading.sighting;
  if (messages_.size() >= limits_.messages || octets_ + sighting.octets.size() > limits_.octets) {
    ++dropped_;
    return false;
  }
  using call::hash_of;
  SeenMessage& seen = messages_.emplace_back();
  seen.octets = std::string(sighting.octets);
  seen.length = sighting.length;
  seen.time = sighting.time;
  seen.source = sighting.source;
  seen.destination = sighting.destination;
  seen.transport = sighting.transport;
  seen.frame = sighting.frame;
  seen.carriage = carriage;
  seen.method = reading.method;
  seen.status = reading.status;
  seen.cseq = reading.cseq;
  seen.key = message_key(reading);
  seen.users = users_of(reading);
  seen.branch = reading.transaction_key;
  seen.call_id = hash_of(reading.call_id);
  seen.body = hash_of(reading.message.text(reading.message.body()));
  octets_ += seen.octets.size();
  return true;
}

}  // namespace viaduct::diagnose::sides
