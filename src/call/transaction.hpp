// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/event.hpp"
#include "call/reading.hpp"
#include "call/sighting.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace viaduct::call {

/// Timers of RFC 3261 17.1.1.1 in their default values.
inline constexpr Duration kT1 = std::chrono::milliseconds(500);
inline constexpr Duration kTimerB = 64 * kT1;  ///< a transaction that nobody answers ends; also timers F, H and L

/// How often a message came again on the same hop.
struct Repeats {
  static constexpr std::size_t kMaxIntervals = 11;  ///< timer E reaches 64*T1 with ten

  Time last = kNever;                    ///< when the message was seen last; kNever: not at all
  std::vector<std::uint32_t> intervals;  ///< milliseconds between sightings, the first kMaxIntervals
  std::uint16_t count = 0;               ///< retransmissions
  std::uint16_t mirrored = 0;            ///< copies of the capture

  /// The message was seen at `time`.
  Again add(Time time);
  [[nodiscard]] bool seen() const { return last != kNever; }
};

/// The last one of responses that may differ.
struct Last {
  std::uint64_t mark = 0;  ///< what tells it from another one
  Time time = kNever;

  /// A response with this mark was seen at `now`.
  Again add(std::uint64_t its_mark, Time now);
};

/// A request and its responses at one hop (RFC 3261 17), as somebody sees them who only listens.
struct Transaction {
  std::uint64_t key = 0;
  Time requested = kNever;     ///< kNever: only responses were captured
  Time trying = kNever;        ///< first 100
  Time provisional = kNever;   ///< first other 1xx
  Time answered = kNever;      ///< first final response
  Time acknowledged = kNever;  ///< first ACK
  Time cancelled = kNever;     ///< first CANCEL
  Repeats request;
  Repeats response;  ///< of the final response
  Repeats ack;
  FrameRef request_frame;  ///< where it was not captured, the first response
  FrameRef response_frame;
  FrameRef ack_frame;
  net::Endpoint requester;           ///< source of the first request
  net::Endpoint asked;               ///< where it went
  net::Endpoint responder;           ///< source of the final response
  net::Endpoint answered_to;         ///< where that response went
  net::Endpoint acknowledged_to;     ///< where the first ACK went
  std::uint32_t request_length = 0;  ///< octets of the first request
  std::uint32_t cseq = 0;
  sip::Method method = sip::Method::other;  ///< never ACK: that belongs to its INVITE
  std::uint16_t status = 0;                 ///< final; 0: none seen
  std::uint16_t provisional_status = 0;     ///< the last other 1xx
  std::uint64_t final_mark = 0;             ///< what tells the final response from a further one
  Last provisional_last;
  Last other_final_last;
  std::uint16_t finals = 0;  ///< different final responses: more than one 2xx after a fork
  Party from = Party::caller;
  bool branch_matched = true;  ///< false: a response was matched by CSeq alone, its branch is another one

  [[nodiscard]] bool invite() const { return method == sip::Method::invite; }
  [[nodiscard]] bool finished() const { return status != 0; }
  /// 2xx to an INVITE came again and nobody acknowledged it.
  [[nodiscard]] bool unacknowledged() const {
    return invite() && status >= 200 && status < 300 && acknowledged == kNever && response.count > 0;
  }
  /// Nothing but silence followed for kTimerB, seen until `now`.
  [[nodiscard]] bool unanswered(Time now) const;
};

/// The transactions of one hop of one call.
class TransactionList {
 public:
  static constexpr std::size_t kMax = 48;

  struct Outcome {
    Transaction* transaction = nullptr;  ///< nullptr: an ACK or CANCEL whose INVITE was not captured
    Again again = Again::first;
  };
  /// Adds a message. `from`: who sent the request. When there is no more room, the oldest finished transaction goes,
  /// else the oldest.
  Outcome add(const Reading& reading, Party from);

  [[nodiscard]] std::span<const Transaction> items() const VIADUCT_LIFETIME_BOUND { return items_; }
  [[nodiscard]] std::uint32_t dropped() const { return dropped_; }
  /// Keeps only those that tell something: repeated, unanswered at `now`, matched without branch; at most `most`.
  void shrink(Time now, std::size_t most);
  /// Octets on the heap.
  [[nodiscard]] std::size_t footprint() const;

 private:
  Outcome add_request(const Reading& reading, Party from);
  Outcome add_acknowledgement(const Reading& reading, Party from);
  Outcome add_response(const Reading& reading, Party from);
  Transaction* find(const Reading& reading, sip::Method method, Party from, bool any_key);
  Transaction& append(const Reading& reading, Party from);

  std::vector<Transaction> items_;
  std::uint32_t dropped_ = 0;
};

}  // namespace viaduct::call
