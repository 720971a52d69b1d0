// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call_table.hpp"
#include "call/message_observer.hpp"
#include "call/registration.hpp"
#include "call/sighting.hpp"
#include "call/subscription.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace viaduct::call {

/// The entry of this layer: SIP messages in, calls, registrations and subscriptions out.
///
///   sighting --> call_table     INVITE, and all that carries its Call-ID
///            --> registrations  REGISTER
///            --> subscriptions  SUBSCRIBE, NOTIFY, PUBLISH
///            --> flow marks     REGISTER, OPTIONS, keep-alives: what refreshes the binding calls run over
class Signalling {
 public:
  static constexpr std::size_t kMaxRegistrations = 50'000;
  static constexpr std::size_t kMaxSubscriptions = 50'000;
  static constexpr std::size_t kMaxRefused = 10'000;     ///< registrations beyond kMaxRegistrations, once refused
  static constexpr std::size_t kMaxLeftOut = 1'000'000;  ///< that are counted beyond those limits, of each kind

  struct Counts {
    std::uint64_t messages = 0;               ///< that could be read
    std::uint64_t keep_alives = 0;            ///< line ends and nothing else
    std::uint64_t unreadable = 0;             ///< no SIP message by sip::parse()
    std::uint64_t damaged = 0;                ///< read up to a header line that is none
    std::uint64_t unassigned = 0;             ///< without Call-ID or CSeq
    std::uint64_t cut = 0;                    ///< of which the capture has less than was on the wire
    std::uint64_t dropped_registrations = 0;  ///< not followed for want of room, up to kMaxLeftOut
    std::uint64_t dropped_subscriptions = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(sip::Method::other) + 1> requests{};  ///< by sip::Method
    std::array<std::uint64_t, 700> responses{};                                              ///< by status
  };

  explicit Signalling(CallReceiver& receiver, const CallLimits& limits = {}) : calls_(receiver, limits) {}

  /// Shows each message that is read to `observer`, which has to live as long; nullptr: to nobody.
  void show_to(MessageObserver* observer) { observer_ = observer; }

  /// What is no SIP is counted and otherwise ignored.
  void add(const Sighting& sighting);
  /// ICMP says that what was sent from one endpoint to another met nobody there. Where that were messages of a call it
  /// stands among its events.
  void unreachable(Point point, const net::Endpoint& source, const net::Endpoint& destination, Time time,
                   FrameRef frame);
  /// Time passes without messages: calls that are over are handed out.
  void advance(Time now) { calls_.advance(now); }
  /// The capture is over.
  void finish();

  [[nodiscard]] const CallTable& calls() const VIADUCT_LIFETIME_BOUND { return calls_; }
  [[nodiscard]] const MediaIndex& media() const VIADUCT_LIFETIME_BOUND { return calls_.media(); }
  /// What tells registrations or subscriptions apart, as text, and where it was seen.
  using Key = std::pair<std::string, Point>;
  [[nodiscard]] const std::map<Key, Registration>& registrations() const VIADUCT_LIFETIME_BOUND {
    return registrations_;
  }
  [[nodiscard]] const std::map<Key, Subscription>& subscriptions() const VIADUCT_LIFETIME_BOUND {
    return subscriptions_;
  }
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  sip::Result<sip::Message> parse(Bytes octets);
  void dispatch(const Reading& reading);
  void add_registration(const Reading& reading);
  void add_beyond(const Reading& reading, const Key& key, Bytes aor);
  Registration& begin_registration(const Reading& reading, const Key& key, Bytes aor);
  void add_subscription(const Reading& reading);
  void mark_flow(const Reading& reading);

  CallTable calls_;
  MessageObserver* observer_ = nullptr;
  std::map<Key, Registration> registrations_;
  std::map<Key, Subscription> subscriptions_;
  std::unordered_map<std::uint64_t, Time> beyond_;  ///< registrations without room: by key, the last grant
  std::unordered_set<std::uint64_t> unfollowed_;    ///< subscriptions without room, by key
  Counts counts_;
};

}  // namespace viaduct::call
