// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/harm.hpp"
#include "simulate/pinhole.hpp"
#include "simulate/radio.hpp"
#include "simulate/rtcp.hpp"
#include "simulate/setup.hpp"

#include <optional>
#include <string>

namespace viaduct::simulate {

struct Call;

/// A phone as it runs.
struct Line {
  const LineSetup* setup = nullptr;
  int number = 0;
  Random random{0};
  Socket believed;      ///< what it writes into Via and Contact
  std::string contact;  ///< as it last reached the platform
  Socket source;        ///< of its last packet, as the platform saw it
  std::string registration_id, tag, nonce;
  int cseq = 0;  ///< of its registration
  std::optional<Radio> radio;
  Call* call = nullptr;      ///< the one it is in
  Seconds last[2] = {0, 0};  ///< arrivals of its SIP, by direction
  unsigned up_marks = 0, down_marks = 0;
};

/// One direction of a call's media.
struct Stream {
  Call* call = nullptr;
  Direction direction = Direction::up;
  Socket source, destination;
  const Talk* talk = nullptr;
  Random random{0};
  Rtp rtp;
  double skew = 0;
  Seconds begin = 0;  ///< of its talk's clock: the answer
  bool running = false, paused = false, g711 = false;
  bool speaking = true;
  Seconds turn = 0;  ///< when it falls silent or speaks again
  Seconds last_arrival = 0;
  std::size_t stall = 0, mute = 0;
  std::uint64_t sent = 0, passed = 0;
  std::uint64_t octets = 0, told = 0;  ///< payload sent; packets sent as of its last report
  Reception reception;                 ///< of this stream, at the other end
};

/// A call as it runs.
struct Call {
  const CallSetup* setup = nullptr;
  Line* line = nullptr;
  std::string call_id;        ///< as the phone has it
  std::string outer_call_id;  ///< as the platform has it
  std::string phone_tag, platform_tag, phone_uri, other_uri;
  std::string phone_target;  ///< the phone's Contact as the platform got it
  int phone_cseq = 100, platform_cseq = 1;
  std::uint64_t phone_session = 0, platform_session = 0;
  int phone_version = 0, platform_version = 0;
  std::string phone_said, platform_said;  ///< their last SDP but for its version
  Socket phone_media;                     ///< inside
  Socket platform_media;
  Socket told;  ///< where the phone's SDP, as it reached the platform, wants media
  Seconds answered = -1, ended = -1;
  Stream up, down;
  std::optional<Pinhole> pinhole;
  Harm harm, strays;
  Socket seen;                 ///< where the phone's media last came from
  std::vector<Seconds> moves;  ///< when that changed
  bool over = false;
};

}  // namespace viaduct::simulate
