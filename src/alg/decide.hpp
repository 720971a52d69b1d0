// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/association.hpp"
#include "alg/change.hpp"
#include "alg/intent.hpp"
#include "alg/limit.hpp"
#include "alg/policy.hpp"
#include "alg/state.hpp"
#include "edit/edit_list.hpp"
#include "sip/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace viaduct::alg {

/// Octets of a Call-ID or address of record; longer ones are not followed.
inline constexpr std::size_t kLongestName = 512;

/// Where a message was met: between destination and source NAT, so the inner addresses show.
struct Arrival {
  bool outbound = true;    ///< leaves by the WAN
  net::Endpoint inner;     ///< source if outbound, else destination
  net::Endpoint platform;  ///< the other one
  WanId wan = 0;
  base::Instant now;
  /// The outer endpoint of this very flow if the kernel has it in its table; asked for by
  /// Decision::asks_flow, and then `flow_asked` is set.
  std::optional<net::Endpoint> flow_outer;
  bool flow_asked = false;
};

/// What to do with one message. Nothing is changed before State::apply and the kernel have taken `changes`:
/// the mapping exists before anybody can learn of it.
/// Large and reused from message to message: the edit list alone has room for 4 KiB of new text.
struct Decision {
  Decision() : edits(0) {}

  /// decide() needs Arrival::flow_outer first; nothing else is set.
  bool asks_flow = false;
  edit::EditList edits;
  std::vector<Intent> intents;  ///< what the edits are to achieve: verify() holds the result against it
  std::vector<Change> changes;
  /// Outer endpoints named by the phone itself (STUN): their flows are to be found and their mappings held.
  std::vector<net::Endpoint> holds;
  AssociationId association = 0;  ///< 0: the message belongs to nothing we follow
  Limit limit = Limit::none;      ///< because of this one, if any

  static constexpr std::size_t kMaxEvents = 32;
  [[nodiscard]] std::span<const Event> events() const VIADUCT_LIFETIME_BOUND { return {events_.data(), event_count_}; }
  void note(const Event& event) {
    if (event_count_ < kMaxEvents) events_[event_count_++] = event;
  }
  /// Empty again, for a message of `length` octets.
  void reset(std::size_t length);
  /// The proof failed or the kernel refused: keep nothing but the reason.
  void withdraw(Reason reason, Event about);

 private:
  std::size_t event_count_ = 0;
  std::array<Event, kMaxEvents> events_;
};

/// What a REGISTER is followed by: user@host of To, a range of the message; absent when it cannot be read.
[[nodiscard]] base::Range address_of_record(const sip::Message& message);

/// Decides about one message and writes the result into `decision`, whatever was in it. Pure: the same
/// arguments give the same decision.
void decide(const sip::Message& message, const Arrival& arrival, const Policy& policy, const State& state,
            Decision& decision);

}  // namespace viaduct::alg
