// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "call/capture_clock.hpp"
#include "call/flow_table.hpp"
#include "call/media_index.hpp"
#include "call/reading.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

namespace viaduct::call {

/// Takes calls that are over.
class CallReceiver {
 public:
  /// The call is whole: Call::shrink() it before keeping it.
  virtual void finished(Call&& call) = 0;

 protected:
  ~CallReceiver() = default;
};

/// How much is kept and for how long.
struct CallLimits {
  std::size_t live_calls = 100'000;
  std::size_t octets = std::size_t{512} << 20;  ///< of all live calls
  std::size_t media_uses = 1'000'000;           ///< entries of the index
  std::size_t flows = 65'536;                   ///< pairs of endpoints
  std::size_t flow_marks = 1'000'000;           ///< what passed between all of them
  Duration linger = std::chrono::seconds(32);   ///< after the end: retransmissions still come (RFC 3261 timers H, J)
  Duration attempt_idle = std::chrono::minutes(5);    ///< without answer: timer C of proxies is 3 minutes and more
  Duration established_idle = std::chrono::hours(4);  ///< without any message
};

/// The live calls by point and Call-ID. Time is that of the sightings, as far as CaptureClock believes it.
class CallTable {
 public:
  struct Counts {
    std::uint64_t calls = 0;     ///< begun
    std::uint64_t finished = 0;  ///< handed out
    std::uint64_t evicted = 0;   ///< of these, for want of room: attempts first, then the longest silent
  };

  CallTable(CallReceiver& receiver, const CallLimits& limits)
      : limits_(limits), receiver_(receiver), index_(limits.media_uses), flows_(limits.flows, limits.flow_marks) {}
  CallTable(const CallTable&) = delete;
  CallTable& operator=(const CallTable&) = delete;

  /// A message of a call, after advance() to its time. Without a live call of this Call-ID one begins.
  void add(const Reading& reading);
  /// Whether the message's Call-ID belongs to a live call.
  [[nodiscard]] bool knows(const Reading& reading) const;
  /// Time passes: calls that are over are handed out.
  void advance(Time now);
  /// The capture is over: all are handed out.
  void finish();

  /// nullptr when it is not live (any more). Valid until the next add().
  [[nodiscard]] const Call* find(CallNumber number) const VIADUCT_LIFETIME_BOUND;
  [[nodiscard]] const MediaIndex& media() const VIADUCT_LIFETIME_BOUND { return index_; }
  /// For marks that belong to no call of their own.
  [[nodiscard]] FlowTable& flows() VIADUCT_LIFETIME_BOUND { return flows_; }
  [[nodiscard]] const FlowTable& flows() const VIADUCT_LIFETIME_BOUND { return flows_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::size_t live() const { return calls_.size(); }
  [[nodiscard]] std::size_t octets() const { return octets_; }  ///< of the live calls
  [[nodiscard]] Time now() const { return clock_.now(); }

 private:
  enum class Phase : std::uint8_t { attempt, established, over };
  struct Key {
    std::uint64_t id_hash = 0;
    Point point = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return key.id_hash ^ key.point * 0x9e3779b97f4a7c15U; }
  };
  struct Live {
    explicit Live(CallNumber number, const Reading& reading) : call(number, reading) {}
    Call call;
    std::size_t octets = 0;
    Duration active{};  ///< CaptureClock::passed() at its last message
    Phase phase = Phase::attempt;
    std::list<Key>::iterator age;
  };

  [[nodiscard]] static Phase phase_of(const Call& call);
  [[nodiscard]] Duration patience(Phase phase) const;
  std::list<Key>& ages(Phase phase) { return ages_[static_cast<std::size_t>(phase)]; }
  void hand_out(const Key& key);
  void hand_out_silent();
  void make_room();
  void take_flow_marks(Call& call) const;

  CallLimits limits_;
  CallReceiver& receiver_;
  std::unordered_map<Key, Live, KeyHash> calls_;
  std::unordered_map<CallNumber, Key> by_number_;
  std::array<std::list<Key>, 3> ages_;  ///< by Phase, longest silent first
  MediaIndex index_;
  FlowTable flows_;
  Counts counts_;
  std::size_t octets_ = 0;
  CallNumber next_ = 1;
  CaptureClock clock_;
};

}  // namespace viaduct::call
