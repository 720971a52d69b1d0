// SPDX-License-Identifier: GPL-2.0-or-later
// Messages with times, between few endpoints and under few Call-IDs, so that they meet: whatever they say, memory
// stays within its limits, each call is handed out once, and what is handed out holds together.
#include "call/facts.hpp"
#include "call/ladder.hpp"
#include "call/signalling.hpp"
#include "target.hpp"

#include <array>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace viaduct;

void check_events(const call::Call& call) {
  VIADUCT_CHECK(call.events.size() <= call::Call::kMaxEvents && call.endpoints.size() <= call::Call::kMaxEndpoints);
  call::Time before = call::Time::min();
  for (const call::Event& event : call.events) {
    VIADUCT_CHECK(event.source == call::kNoEndpoint || event.source < call.endpoints.size());
    VIADUCT_CHECK(event.destination == call::kNoEndpoint || event.destination < call.endpoints.size());
    VIADUCT_CHECK(event.leg == call::kNoLeg || event.leg < call.legs.size());
    VIADUCT_CHECK(event.kind < call::EventKind::last && before <= event.time);
    before = event.time;
  }
}

void check_call(const call::Call& call) {
  VIADUCT_CHECK(call.legs.size() <= call::Call::kMaxLegs && call.dialogs.size() <= call::Call::kMaxDialogs);
  check_events(call);
  for (const call::Leg& leg : call.legs) {
    VIADUCT_CHECK(leg.transactions.items().size() <= call::TransactionList::kMax);
    VIADUCT_CHECK(leg.negotiation.spans().size() <= call::Negotiation::kMaxSpans);
    for (const call::MediaSpan& span : leg.negotiation.spans()) VIADUCT_CHECK(span.until >= span.from);
  }
  const std::string text = facts(call, call::Time{}) + ladder(call, call::Time{});
  for (const char c : text) VIADUCT_CHECK(c == '\n' || (c >= ' ' && c < 0x7f));
}

struct Judge final : call::CallReceiver {
  void finished(call::Call&& call) override {
    VIADUCT_CHECK(numbers.insert(call.number).second);
    check_call(call);
    call.shrink(2048);
    VIADUCT_CHECK(call.footprint() <= 2048);
    check_call(call);
  }
  std::set<call::CallNumber> numbers;
};

net::Endpoint endpoint_of(unsigned number) {
  return {net::Address::ipv4(0xc0000200U + number / 2 % 8), static_cast<std::uint16_t>(5060 + number % 2)};
}

}  // namespace

/// A byte that says what follows (time, hop, point, how much is missing), then a message up to a line of "%%".
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  Judge judge;
  call::CallLimits limits;
  limits.live_calls = 6;
  limits.octets = 40'000;
  limits.media_uses = 24;
  limits.flows = 4;
  call::Signalling signalling(judge, limits);
  call::Time now{};
  std::uint64_t number = 0;
  while (!input.rest().empty()) {
    const unsigned how = input.octet();
    const unsigned hop = input.octet();
    now += std::chrono::milliseconds(1) * (1U << (how & 15U)) - std::chrono::milliseconds((how & 16U) != 0 ? 900 : 1);
    const std::size_t end = input.rest().find("%%\n");
    const base::Bytes octets = input.take(end == base::Bytes::npos ? end : end + 3);
    call::Sighting seen;
    seen.octets = octets.substr(0, octets.size() - (octets.ends_with("%%\n") ? 3 : 0));
    seen.length = static_cast<std::uint32_t>(seen.octets.size() + ((how & 32U) != 0 ? 1 : 0));
    seen.time = now;
    seen.source = endpoint_of(hop & 15U);
    seen.destination = endpoint_of(hop >> 4);
    seen.frame.number = ++number & 0xffffffffffffU;
    seen.point = (how & 64U) != 0 ? 1 : 0;
    signalling.add(seen);
    const call::CallTable& calls = signalling.calls();
    VIADUCT_CHECK(calls.live() <= limits.live_calls && calls.octets() <= limits.octets);
    VIADUCT_CHECK(calls.media().size() <= limits.media_uses && calls.flows().size() <= limits.flows);
    static_cast<void>(signalling.media().find(seen.point, seen.source, now));
  }
  signalling.finish();
  VIADUCT_CHECK(signalling.calls().live() == 0 && signalling.calls().octets() == 0);
  VIADUCT_CHECK(judge.numbers.size() == signalling.calls().counts().calls);
  for (const auto& [key, registration] : signalling.registrations())
    VIADUCT_CHECK(!facts(registration, call::Time{}).empty());
  for (const auto& [key, subscription] : signalling.subscriptions())
    VIADUCT_CHECK(!facts(subscription, call::Time{}).empty());
  return 0;
}
