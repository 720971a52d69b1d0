// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"
#include "call/sighting.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::call {

enum class RegistrationState : std::uint8_t {
  trying,        ///< no final response yet
  challenged,    ///< 401 or 407
  registered,    ///< 200, Contact in it
  unregistered,  ///< expires 0 was accepted
  refused,       ///< another final response
};
[[nodiscard]] Bytes name(RegistrationState state);

/// How a binding was lost.
enum class LossKind : std::uint8_t { no_answer, expired, refused };
[[nodiscard]] Bytes name(LossKind kind);

/// An address-of-record registered by one client at one registrar (RFC 3261 10), as one point sees it.
struct Registration {
  static constexpr std::size_t kMaxTimes = 64;
  static constexpr std::size_t kMaxLosses = 16;
  static constexpr std::size_t kMaxMoves = 16;
  static constexpr std::size_t kMaxDevices = 8;

  struct Loss {
    Time time{};
    FrameRef frame;  ///< the request without answer, the refusal, or the last 200
    LossKind kind{};
    std::uint16_t status = 0;
  };
  struct Move {
    Time time{};
    net::Endpoint client;  ///< from now on
  };
  /// A phone keeps one Call-ID for its registrations (RFC 3261 10.2).
  struct Device {
    std::uint64_t id_hash = 0;
    net::Endpoint client;
  };

  Point point = 0;
  Text aor;                 ///< To URI without parameters, first 96 octets
  Text contact;             ///< URI, first 96 octets
  Text product;             ///< User-Agent, first 48 octets
  net::Endpoint client;     ///< source of the last request
  net::Endpoint registrar;  ///< its destination
  bool connected = false;   ///< a request came over a connection, which has a port of its own each time
  net::Endpoint seen_as;    ///< received and rport of the last response's top Via; not present without them
  RegistrationState state = RegistrationState::trying;
  Time first{};
  Time last{};
  std::optional<std::uint32_t> expires_asked;  ///< seconds
  std::optional<std::uint32_t> expires_given;
  Time granted = kNever;  ///< last 200 with a binding
  FrameRef granted_frame;
  std::vector<Time> grants;  ///< first kMaxTimes of them
  std::uint32_t grant_count = 0;
  std::uint32_t requests = 0;  ///< without retransmissions
  std::uint32_t retransmissions = 0;
  std::uint32_t challenges = 0;    ///< 401 and 407
  std::uint32_t denials = 0;       ///< challenges of a request that had credentials, but for stale ones
  std::uint32_t refusals = 0;      ///< 403 and other failures
  std::uint32_t too_brief = 0;     ///< 423 (RFC 3261 10.2.8)
  std::uint16_t last_failure = 0;  ///< status
  FrameRef failure_frame;          ///< of it
  std::uint16_t denial = 0;        ///< 401 or 407 of the last denial
  FrameRef denial_frame;           ///< of it
  std::vector<Loss> losses;
  std::uint32_t loss_count = 0;
  std::vector<Move> moves;  ///< of one device; that another one sends next is none
  std::uint32_t move_count = 0;

  /// A final response that is neither success, challenge nor 423.
  [[nodiscard]] static bool is_refusal(const Reading& reading);

  void add(const Reading& reading);
  /// The refusal of a registration that was not followed until then: kNever, or when it was granted last.
  void add_unfollowed(const Reading& refusal, Time last_grant);
  /// The capture was seen until `now`: a request without answer for 64*T1, and a binding past its time, are lost.
  void advance(Time now);
  /// Median time between grants; 0 with less than two.
  [[nodiscard]] Duration refresh_interval() const;
  [[nodiscard]] std::size_t footprint() const;

 private:
  void add_request(const Reading& reading);
  void add_response(const Reading& reading);
  void grant(const Reading& reading);
  void lose(const Loss& loss);
  [[nodiscard]] bool moved(const Reading& reading);

  std::vector<Device> devices_;  ///< the last kMaxDevices to appear
  std::uint64_t pending_key_ = 0;
  std::uint32_t pending_cseq_ = 0;
  Time pending_ = kNever;  ///< the request that waits for a response
  Time pending_last_{};    ///< when it was sent last
  FrameRef pending_frame_;
  bool credentials_ = false;  ///< the last request had some
  bool expiry_noted_ = false;
};

}  // namespace viaduct::call
