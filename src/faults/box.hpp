// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "faults/behaviour.hpp"
#include "faults/box_settings.hpp"
#include "faults/calls.hpp"
#include "faults/fragments.hpp"
#include "faults/link.hpp"
#include "faults/nat.hpp"
#include "faults/tcp_offsets.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::faults {

/// What the box counted since it was made.
struct BoxCounters {
  std::uint64_t outbound = 0;  ///< packets from inside that were translated
  std::uint64_t inbound = 0;
  std::uint64_t hairpinned = 0;
  std::uint64_t filtered = 0;    ///< inbound without mapping, or not let in
  std::uint64_t messages = 0;    ///< SIP messages read
  std::uint64_t changed = 0;     ///< of these, sent on with other octets
  std::uint64_t dropped = 0;     ///< packets that a behaviour dropped
  std::uint64_t unreadable = 0;  ///< not IPv4, or damaged, or of another protocol
};

/// A packet that leaves the box.
struct Departure {
  Side to;
  std::string octets;
};

/// The NAT box: IPv4 packets in, IPv4 packets out, time from the caller (no sockets, no clock). Without behaviours
/// and with default settings it is a clean NAT by RFC 4787, RFC 5382 and RFC 5508.
class Box {
 public:
  Box(const BoxSettings& settings, std::vector<std::unique_ptr<Behaviour>> behaviours);
  ~Box();

  /// A packet that arrived on one side.
  void receive(Side from, base::Bytes octets, base::Instant now);
  /// When next() will have something, or time-driven work is due.
  [[nodiscard]] std::optional<base::Instant> next_time() const;
  /// The next packet that leaves by `now`; ask until there is none.
  [[nodiscard]] std::optional<Departure> next(base::Instant now);

  [[nodiscard]] const BoxCounters& counters() const VIADUCT_LIFETIME_BOUND { return counters_; }
  [[nodiscard]] const Nat& nat() const VIADUCT_LIFETIME_BOUND { return nat_; }
  [[nodiscard]] const BoxSettings& settings() const VIADUCT_LIFETIME_BOUND { return settings_; }

 private:
  /// Time-driven work, at most once a second.
  void sweep(base::Instant now);
  void route(Side from, Packet& packet, base::Instant now);
  void outward(Packet& packet, base::Instant now);
  void inward(Packet& packet, base::Instant now);
  void hairpin(Packet& packet, base::Instant now);
  void to_box(Side from, const Packet& packet, base::Instant now);
  void icmp_error(Side from, Packet& packet, base::Instant now);
  /// Reads SIP, lets behaviours act; false: the packet does not go on.
  [[nodiscard]] bool act(Transit& transit, Packet& packet);
  [[nodiscard]] bool act_on_message(const Transit& transit, std::uint32_t sequence, Packet& packet);
  /// One message, or what stands for one, as it goes on; nullopt: it does not.
  [[nodiscard]] std::optional<std::string> act_on_piece(const Transit& transit, base::Bytes octets, Packet& packet);
  void send_back(const Transit& transit, base::Bytes octets);
  [[nodiscard]] FlowKind kind_of(const Packet& packet, Side from);
  [[nodiscard]] bool is_sip_port(std::uint16_t port) const;
  /// A packet that cannot be sent on goes back as an ICMP error; false: it was one.
  [[nodiscard]] bool may_pass(Side from, const Packet& packet, base::Instant now);
  void emit(Side to, const Packet& packet, base::Instant now);

  BoxSettings settings_;
  std::vector<std::unique_ptr<Behaviour>> behaviours_;
  Nat nat_;
  Calls calls_;
  Fragments fragments_;
  TcpOffsets tcp_;
  Link up_;
  Link down_;
  BoxCounters counters_;
  base::Instant next_sweep_;
  base::Instant next_restart_;
};

}  // namespace viaduct::faults
