// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/decide.hpp"

#include "alg/verify.hpp"
#include "target.hpp"

#include <chrono>
#include <string>
#include <time.h>

namespace {

using namespace viaduct;

// All of the gateway waits for one message. The largest honest one takes a few milliseconds of this thread, also with
// sanitizers; one whose work grows with a square takes seconds.
constexpr std::chrono::nanoseconds kMostWork = std::chrono::milliseconds(500);

std::chrono::nanoseconds work_done() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

// Decides about one message as the gateway does; what it wants to send out must pass the proof, or be refused by it.
void meet(base::Bytes text, bool outbound, const alg::Policy& policy, alg::State& state) {
  const sip::Result<sip::Message> message = sip::parse(text);
  if (!message) return;
  alg::Arrival arrival;
  arrival.outbound = outbound;
  arrival.inner = {net::Address::ipv4(0xc0a8010a), 5060};
  arrival.platform = {net::Address::ipv4(0xc6336405), 5060};
  arrival.now = {std::chrono::hours(1)};
  static alg::Decision decision;
  alg::decide(*message, arrival, policy, state, decision);
  if (decision.asks_flow) {
    arrival.flow_asked = true;
    alg::decide(*message, arrival, policy, state, decision);
    VIADUCT_CHECK(!decision.asks_flow);
  }
  if (!decision.edits.empty()) {
    VIADUCT_CHECK(policy.mode == alg::Mode::assist);
    std::string room(text.size() + edit::EditList::kMaxText, '\0');
    const base::Bytes edited = alg::edited_message(*message, decision, {arrival.now}, room);
    // What is withdrawn goes out as it came; what is not has passed the proof, and passes it again.
    VIADUCT_CHECK(decision.edits.empty() ? edited == text : alg::verify(*message, decision.intents, edited));
  }
  std::vector<alg::Effect> effects;
  for (const alg::Change& change : decision.changes) state.apply(change, effects);
}

}  // namespace

// First octet: the mode. The rest: messages, each behind an octet that says its direction, separated by octet 0x1e.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  base::Bytes rest(reinterpret_cast<const char*>(data), size);
  alg::Policy policy;
  policy.mode = static_cast<alg::Mode>(rest[0] & 3);
  policy.limits = {.dialogs = 8, .dialogs_per_source = 8, .registrations_per_source = 8, .pinholes_per_source = 32};
  alg::State state;
  state.wans().resize(1);
  state.wans()[0].address = net::Address::ipv4(0xcb007101);
  rest.remove_prefix(1);
  while (!rest.empty()) {
    const base::Bytes part = rest.substr(0, rest.find('\x1e'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const std::chrono::nanoseconds before = work_done();
    if (part.size() > 1) meet(part.substr(1), (part[0] & 1) != 0, policy, state);
    VIADUCT_CHECK(work_done() - before < kMostWork);
  }
  VIADUCT_CHECK(state.mappings().size() <= 64 && state.size() <= 16);
  return 0;
}
