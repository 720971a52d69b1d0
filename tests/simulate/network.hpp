// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/alg.hpp"
#include "simulate/call.hpp"
#include "simulate/onsite_proxy.hpp"
#include "simulate/path.hpp"
#include "simulate/setup.hpp"
#include "simulate/tap.hpp"

#include <optional>

namespace viaduct::simulate {

inline constexpr std::uint16_t kSipPort = 5060;

/// Everything between the phones of a site and the platform: radio, router with NAT and perhaps an ALG, both
/// directions of the access line, and the place where packets are captured. A packet is carried all the way at once;
/// its times say when it was where.
class Network {
 public:
  /// `inside` and `outside` are the places of capture; null: nobody captures there.
  Network(const SiteSetup& setup, Tap* inside, Tap* outside, Random random);

  struct Arrival {
    Message message;
    Seconds time = 0;
    Socket source;  ///< as the receiver sees it
  };
  /// A SIP message between a phone and the platform; nullopt: lost.
  std::optional<Arrival> sip(Line& line, Direction direction, const Message& message, Seconds now);
  struct Landing {
    Seconds time = 0;
    Socket source;  ///< as the receiver sees it
  };
  /// A packet of a call's media; nullopt: lost.
  std::optional<Landing> media(Stream& stream, Seconds now);
  /// Octets that are neither, from or to `inner`: STUN, RTCP, keep-alives.
  bool other(Line& line, Direction direction, Socket inner, Socket far, std::string_view octets, Seconds now);
  /// What a STUN server would say of a phone's socket.
  Socket reflexive(Socket inner, Seconds now);
  [[nodiscard]] Seconds queue_depth(Direction direction) const {
    return (direction == Direction::up ? up_ : down_).queue_depth();
  }

 private:
  [[nodiscard]] Inner inner(Line& line) const;
  Seconds through_radio(Line& line, Direction direction, Seconds now);
  static void see(Tap* tap, const Packet& packet, Seconds now) {
    if (tap != nullptr) tap->see(packet, now);
  }
  void mark(Call& call, const Message& message, Seconds now);
  std::optional<Arrival> sip_up(Line& line, const Message& message, Seconds now);
  std::optional<Arrival> sip_down(Line& line, const Message& message, Seconds now);
  std::optional<Landing> media_up(Stream& stream, Packet& packet, Seconds now);
  std::optional<Landing> media_down(Stream& stream, Packet& packet, Seconds now);

  const SiteSetup& setup_;
  Tap* inside_;
  Tap* outside_;
  Random random_;
  std::optional<Nat> nat_;
  std::optional<Alg> alg_;
  std::optional<OnsiteProxy> proxy_;
  Path up_, down_;
};

}  // namespace viaduct::simulate
