// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/alg.hpp"
#include "simulate/make.hpp"
#include "simulate/nat.hpp"
#include "simulate/path.hpp"
#include "simulate/pinhole.hpp"

#include <optional>
#include <string>
#include <vector>

/// All that is decided about a site before it runs: what stands where, who calls when, and what is wrong.
namespace viaduct::simulate {

/// What a phone believes its address to be.
enum class Knowledge : std::uint8_t {
  own,         ///< that of its network interface
  learnt,      ///< for SIP headers what the answer to its REGISTER said (rport, received); media stay its own
  learnt_sdp,  ///< the same, and its SDP names the address that was learnt
  stun,        ///< what a STUN server said, port by port
  setting,     ///< an outer address that somebody typed in
};

enum class StallKind : std::uint8_t {
  frozen,   ///< the clock of the media stands, too: time stamps go on where they stopped
  stopped,  ///< the clock goes on: time stamps show the time that passed, sequence numbers do not
  restart,  ///< the media part starts anew: other SSRC, sequence and time stamp
  dropped,  ///< it goes on, and what it makes is thrown away before it is sent: sequence and clock go on
};

/// A time in which a sender is broken.
struct Stall {
  Interval when;
  StallKind kind = StallKind::frozen;
};

/// How one side of a call speaks. Times count from the answer.
struct Talk {
  bool silence_suppression = false;
  bool comfort_noise = true;  ///< says so with a descriptor (SID) as it falls silent
  Range spurt{0.8, 4}, pause{0.3, 2.5};
  std::vector<Interval> mutes;  ///< it sends nothing at all
  std::vector<Stall> stalls;
};

enum class MidCallKind : std::uint8_t { refresh, hold, resume, platform_hold, platform_resume, transfer };
struct MidCall {
  Seconds after = 0;  ///< seconds from the answer
  MidCallKind kind = MidCallKind::refresh;
  bool by_phone = true;
};

struct CallSetup {
  Seconds start = 0;
  Seconds length = 180;  ///< from the answer
  bool outbound = true;  ///< the phone calls
  bool g711 = false;
  Talk phone, other;
  std::vector<MidCall> events;
  std::optional<PinholeRules> pinhole;
};

struct LineSetup {
  const Make* make = nullptr;
  Socket sip;
  Seconds register_every = 300;
  Seconds keepalive_every = 0;  ///< OPTIONS; 0: none
  bool keepalive_by_phone = false;
  double skew = 0;                   ///< share by which the phone's clock is wrong
  std::vector<Interval> radio_away;  ///< scans of its Wi-Fi
  Seconds radio_sleep = 0;
  bool wireless = false;
  std::vector<CallSetup> calls;
};

/// Where packets are captured. The platform's side is what a provider has; both are two files of the same time.
enum class Vantage : std::uint8_t { server, client, both };

/// What an ALG does to media it has a mapping for, as it sees SIP.
struct AlgHarm {
  bool register_flushes = false;
  bool offer_closes = false;  ///< the new mapping of a re-INVITE takes its time
};

struct SiteSetup {
  std::string name, scenario, kind;
  std::string truth;      ///< the cause in the words of the result schema; "none" for a good call
  std::string lookalike;  ///< what looks like an ALG and is none; empty: nothing
  Vantage vantage = Vantage::server;
  Seconds length = 600;
  std::optional<NatRules> nat;  ///< none: the phones have public addresses
  std::uint32_t outer = 0;
  std::uint32_t platform = 0, media_server = 0;
  Knowledge knowledge = Knowledge::own;
  bool stun_seen = true;  ///< the STUN server stands where the capture sees it
  bool ice = false;
  bool onsite_proxy = false;
  /// Of proxies of the platform, whose Via stands above or below that of `platform`; 0: none.
  std::uint32_t upper_via = 0, lower_via = 0;
  std::optional<AlgRules> alg;
  AlgHarm alg_harm;
  bool latches = true;     ///< the platform sends media back to where they come from
  Seconds follow_lag = 0;  ///< until the platform follows media that move
  Seconds session_expires = 1800;
  bool challenges = false;  ///< the platform wants to know who calls (407)
  PathRules up, down;
  std::vector<Interval> capture_missed;
  std::vector<LineSetup> lines;

  /// Whether packets between phones and router are captured, and those between router and platform.
  [[nodiscard]] bool captures_inside() const { return vantage != Vantage::server; }
  [[nodiscard]] bool captures_outside() const { return vantage != Vantage::client; }
};

}  // namespace viaduct::simulate
