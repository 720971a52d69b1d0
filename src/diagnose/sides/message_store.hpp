// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::diagnose::sides {

using base::Bytes;
using base::Duration;
using call::Time;

/// What IP said of a message.
struct Carriage {
  std::uint8_t ttl = 0;  ///< 0: not known
  std::uint8_t dscp = 0;
  std::uint16_t fragments = 1;  ///< IP packets that it came in
  std::uint16_t segments = 1;   ///< of TCP
};

/// A message as one side saw it.
struct SeenMessage {
  std::string octets;
  std::uint32_t length = 0;  ///< on the wire
  Time time{};
  net::Endpoint source;
  net::Endpoint destination;
  sip::Transport transport = sip::Transport::udp;
  call::FrameRef frame;
  Carriage carriage;
  sip::Method method{};
  std::uint16_t status = 0;  ///< 0: a request
  std::uint32_t cseq = 0;
  std::uint64_t key = 0;      ///< hash of method, status, CSeq and both tags: what no ALG is known to rewrite
  std::uint64_t users = 0;    ///< hash of the user parts of From and To; may be rewritten, as the next three
  std::uint64_t branch = 0;   ///< hash of the transaction
  std::uint64_t call_id = 0;  ///< hash
  std::uint64_t body = 0;     ///< hash

  [[nodiscard]] bool cut() const { return octets.size() < length; }
  [[nodiscard]] bool is_request() const { return status == 0; }
  /// "INVITE", "200 to INVITE".
  [[nodiscard]] std::string name() const;
};

/// SeenMessage::users.
[[nodiscard]] std::uint64_t users_of(const call::Reading& reading);
/// Whether two sightings with the same key may be of one message: an ALG rewrites some of what tells calls apart, and
/// never all of it. Other phones may have the same tags.
template <class One, class Other>
[[nodiscard]] bool may_be_same(const One& one, const Other& other) {
  return one.call_id == other.call_id || one.branch == other.branch || one.users == other.users;
}

/// SeenMessage::key.
[[nodiscard]] std::uint64_t message_key(const call::Reading& reading);

/// The messages of one side, in bounded memory: what comes later is counted and not kept.
class MessageStore {
 public:
  struct Limits {
    std::size_t messages = 200'000;
    std::size_t octets = 256U << 20U;
  };

  MessageStore() = default;
  explicit MessageStore(Limits limits) : limits_(limits) {}

  /// Copies the octets. False if there was no room.
  bool add(const call::Reading& reading, const Carriage& carriage);

  [[nodiscard]] const std::vector<SeenMessage>& all() const VIADUCT_LIFETIME_BOUND { return messages_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  Limits limits_;
  std::vector<SeenMessage> messages_;
  std::size_t octets_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace viaduct::diagnose::sides
