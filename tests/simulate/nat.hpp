// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"
#include "simulate/random.hpp"

#include <optional>
#include <vector>

namespace viaduct::simulate {

/// How a router translates (words of RFC 4787).
struct NatRules {
  Seconds idle = 300;              ///< life of a mapping nobody uses
  bool inbound_refreshes = false;  ///< packets from outside lengthen the life, too
  bool symmetric = false;          ///< address and port dependent mapping and filtering
  bool keeps_port = true;          ///< outer port = inner port where that is free
  bool new_port_after_expiry = true;
};

/// The table of a NAT with one outer address.
class Nat {
 public:
  Nat(std::uint32_t outer, NatRules rules, Random random) : outer_(outer), rules_(rules), random_(random) {}

  [[nodiscard]] const NatRules& rules() const { return rules_; }
  [[nodiscard]] std::uint32_t outer() const { return outer_; }
  /// The outer socket of a packet from inside; makes or refreshes its mapping.
  Socket outbound(Socket inner, Socket remote, Seconds now);
  /// The inner socket for a packet to outer port `port`, if there is a living mapping that lets `remote` in.
  std::optional<Socket> inbound(std::uint16_t port, Socket remote, Seconds now);
  /// The outer socket of `inner`, if it has one, without refreshing it.
  [[nodiscard]] std::optional<Socket> mapping(Socket inner, Seconds now) const;
  /// An ALG's mapping: from now on `inner` leaves by `port`, whatever mapping it had, until it is pinned anew.
  void pin(Socket inner, std::uint16_t port);
  [[nodiscard]] bool taken(std::uint16_t port) const;
  /// A port nobody has.
  std::uint16_t free_port(int low = 20000, int high = 60999);

 private:
  struct Mapping {
    Socket inner, remote;
    std::uint16_t port = 0;
    bool pinned = false;
    Seconds used = 0;
  };
  [[nodiscard]] bool dead(const Mapping& mapping, Seconds now) const {
    return !mapping.pinned && now - mapping.used > rules_.idle;
  }
  std::uint16_t port_for(Socket inner, bool had_one);

  std::uint32_t outer_;
  NatRules rules_;
  Random random_;
  std::vector<Mapping> mappings_;
};

}  // namespace viaduct::simulate
