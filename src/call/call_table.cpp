// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/call_table.hpp"

#include "call/hash.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::call {
namespace {

/// How long after its end a use is found for packets whose time steps back.
constexpr Duration kMediaMemory = std::chrono::minutes(2);

}  // namespace

CallTable::Phase CallTable::phase_of(const Call& call) {
  if (call.over != kNever) return Phase::over;
  return call.established() ? Phase::established : Phase::attempt;
}

Duration CallTable::patience(Phase phase) const {
  switch (phase) {
    case Phase::attempt:
      return limits_.attempt_idle;
    case Phase::established:
      return limits_.established_idle;
    case Phase::over:
      break;
  }
  return limits_.linger;
}

bool CallTable::knows(const Reading& reading) const {
  return calls_.contains(Key{hash_of(reading.call_id), reading.sighting.point});
}

const Call* CallTable::find(CallNumber number) const {
  const auto key = by_number_.find(number);
  return key == by_number_.end() ? nullptr : &calls_.at(key->second).call;
}

void CallTable::add(const Reading& reading) {
  const Key key{hash_of(reading.call_id), reading.sighting.point};
  auto entry = calls_.find(key);
  if (entry == calls_.end()) {
    entry = calls_.try_emplace(key, next_, reading).first;
    by_number_.emplace(next_++, key);
    entry->second.age = ages(Phase::attempt).insert(ages(Phase::attempt).end(), key);
    ++counts_.calls;
  }
  Live& live = entry->second;
  live.call.add(reading);
  index_.update(live.call);
  live.active = clock_.passed_by_last();
  const Phase phase = phase_of(live.call);
  ages(phase).splice(ages(phase).end(), ages(live.phase), live.age);
  live.phase = phase;
  octets_ -= std::exchange(live.octets, live.call.footprint());
  octets_ += live.octets;
  make_room();
}

void CallTable::advance(Time now) {
  clock_.see(now);
  hand_out_silent();
  const Time then = clock_.now();
  if (then > Time::min() + kMediaMemory) index_.forget_before(then - kMediaMemory);
}

void CallTable::hand_out_silent() {
  for (const Phase phase : {Phase::attempt, Phase::established, Phase::over})
    while (!ages(phase).empty()) {
      const Key key = ages(phase).front();
      if (clock_.passed() - calls_.at(key).active <= patience(phase)) break;
      hand_out(key);
    }
}

void CallTable::make_room() {
  while (calls_.size() > limits_.live_calls || octets_ > limits_.octets) {
    // Who floods with INVITEs must not drive out calls that people speak on; but one attempt alone is no flood.
    const bool flooded = ages(Phase::attempt).size() > 1 || ages(Phase::established).empty();
    const Phase first = !ages(Phase::over).empty() ? Phase::over : flooded ? Phase::attempt : Phase::established;
    const Key key = ages(first).front();
    ++counts_.evicted;
    hand_out(key);
  }
}

void CallTable::take_flow_marks(Call& call) const {
  const Time end = call.over == kNever ? std::max(now(), call.last) : call.last;
  for (std::size_t i = 0; i < call.legs.size(); ++i) {
    const std::deque<FlowMark>* const marks = flows_.find(call.point, call.legs[i].caller, call.legs[i].callee);
    if (marks == nullptr) continue;
    for (const FlowMark& mark : *marks)
      if (mark.time >= call.first && mark.time <= end) call.add_flow_mark(mark);
  }
}

void CallTable::hand_out(const Key& key) {
  const auto entry = calls_.find(key);
  Live& live = entry->second;
  take_flow_marks(live.call);
  live.call.finish(now());
  index_.update(live.call);
  Call call = std::move(live.call);
  octets_ -= live.octets;
  ages(live.phase).erase(live.age);
  by_number_.erase(call.number);
  calls_.erase(entry);
  ++counts_.finished;
  receiver_.finished(std::move(call));
}

void CallTable::finish() {
  clock_.end();
  // In the order in which they began, so that a report does not depend on hashes.
  std::vector<std::pair<CallNumber, Key>> rest(by_number_.begin(), by_number_.end());
  std::sort(rest.begin(), rest.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [number, key] : rest) hand_out(key);
}

}  // namespace viaduct::call
