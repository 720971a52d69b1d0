// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/subscription.hpp"

#include "base/text.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"

#include <algorithm>
#include <array>

namespace viaduct::call {

Bytes name(Subscription::State state) {
  constexpr std::array<Bytes, 5> kNames = {"trying", "active", "pending", "terminated", "refused"};
  return kNames[static_cast<std::size_t>(state)];
}

namespace {

/// Subscription-State: terminated;reason=timeout (RFC 6665 8.2.3).
struct StateField {
  Bytes value;
  Bytes reason;
};
[[nodiscard]] StateField state_field(const sip::Message& message) {
  const sip::Header* const header = message.find(sip::HeaderId::subscription_state);
  if (header == nullptr) return {};
  const Bytes text = message.text(header->value());
  const std::size_t end = std::min(text.find(';'), text.size());
  const base::Range parameters = base::between(header->value_offset + end, header->value().end());
  StateField field{.value = base::trim(text.substr(0, end)), .reason = {}};
  if (end < text.size()) field.reason = message.text(sip::parameter_value(message.bytes(), parameters, "reason"));
  return field;
}

}  // namespace

void Subscription::add_notify(const Reading& reading) {
  const StateField field = state_field(reading.message);
  if (base::iequals(field.value, "active")) state = State::active;
  if (base::iequals(field.value, "pending")) state = State::pending;
  if (!base::iequals(field.value, "terminated")) return;
  state = State::terminated;
  reason = Text(field.reason, 32);
}

void Subscription::add(const Reading& reading) {
  const bool notify = reading.method == sip::Method::notify;
  last = std::max(last, reading.sighting.time);
  if (reading.is_request()) {
    std::int64_t& cseq = last_cseq_[notify ? 1 : 0];
    if (reading.cseq <= cseq) return;
    cseq = reading.cseq;
    ++(notify ? notifies : subscribes);
    subscriber = notify ? reading.sighting.destination : reading.sighting.source;
    notifier = notify ? reading.sighting.source : reading.sighting.destination;
    if (notify) add_notify(reading);
    return;
  }
  if (notify || !reading.is_final()) return;
  if (reading.is_success()) {
    if (const sip::Result<std::uint32_t> seconds = sip::expires(reading.message)) expires = *seconds;
    if (state == State::trying) state = State::active;
  } else if (reading.status == 401 || reading.status == 407) {
    ++challenges;
  } else {
    last_failure = reading.status;
    if (state == State::trying) state = State::refused;
  }
}

std::size_t Subscription::footprint() const {
  return sizeof(Subscription) + call_id.footprint() + package.footprint() + reason.footprint();
}

}  // namespace viaduct::call
