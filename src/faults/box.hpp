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
  std::uint64_t dropped = 0;     ///< packets that a behaviour dropped, or that had no way out
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
  /// A packet as it arrived: what ICMP errors about it quote.
  struct Arrival {
    Side from;
    base::Instant now;
    base::Bytes octets;
  };
  void route(const Arrival& arrival, Packet& packet);
  void outward(const Arrival& arrival, Packet& packet);
  void inward(const Arrival& arrival, Packet& packet);
  void hairpin(const Arrival& arrival, Packet& packet);
  void to_box(const Arrival& arrival, const Packet& packet);
  void icmp_error(Side from, Packet& packet, base::Instant now);
  /// The same from inside about a packet that was hairpinned: it stays inside.
  void hairpin_error(const Quoted& quoted, Packet& packet, base::Instant now);
  /// Reads SIP, lets behaviours act; false: the packet does not go on.
  [[nodiscard]] bool act(Transit& transit, Packet& packet);
  [[nodiscard]] bool act_on_message(const Transit& transit, std::uint32_t sequence, Packet& packet);
  /// One message, or what stands for one, as it goes on; nullopt: it does not.
  [[nodiscard]] std::optional<std::string> act_on_piece(const Transit& transit, base::Bytes octets, Packet& packet);
  void send_back(const Transit& transit, base::Bytes octets);
  [[nodiscard]] FlowKind kind_of(const Packet& packet, Side from);
  [[nodiscard]] bool is_sip_port(std::uint16_t port) const;
  /// A packet that cannot be sent on is answered by an ICMP error; false: it was one.
  [[nodiscard]] bool may_pass(const Arrival& arrival, const Packet& packet);
  /// Sends the sender of a packet an ICMP error, unless one is out of place (RFC 1812 section 4.3.2.7) or too many go.
  void report(const Arrival& arrival, std::uint8_t type, std::uint8_t code, std::size_t next_hop_mtu = 0);
  /// A packet that was translated leaves; one that grew too long is answered.
  void send_on(const Arrival& arrival, Side to, const Packet& packet);
  void emit(Side to, base::Bytes octets, base::Instant now);

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
  base::Instant errors_until_;  ///< when all ICMP errors sent so far are paid for
  std::uint16_t identification_ = 0;
};

}  // namespace viaduct::faults
