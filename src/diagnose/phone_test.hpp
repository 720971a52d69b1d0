// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/talk_test.hpp"

#include <string>

namespace viaduct::diagnose::test {

/// What a party writes, and where its packets come from.
struct Phone {
  std::string user;
  std::string sip;      ///< source of its messages, and where those for it go to
  std::string contact;  ///< host and port it writes
  std::string media;    ///< c= and m= it writes
  std::string tag;

  /// With `direction` "zero" its only line of media is refused.
  [[nodiscard]] std::string sdp(const std::string& direction) const {
    const net::Endpoint at = rtp::test::endpoint(media.c_str());
    const bool refused = direction == "zero";
    return "v=0\r\no=- 1 1 IN IP4 " + at.address.to_text() + "\r\ns=-\r\nc=IN IP4 " + at.address.to_text() +
           "\r\nt=0 0\r\nm=audio " + (refused ? "0" : std::to_string(at.port)) + " RTP/AVP 8 0\r\n" +
           (refused ? "" : "a=" + direction + "\r\n");
  }
};

/// What a message has besides who sends it and what it is.
struct Extra {
  std::string headers{};     ///< whole lines without their ends, joined by '\n'
  std::string sdp{};         ///< "sendrecv", "sendonly" ...: with SDP of this direction; "zero": port 0
  std::string from{}, to{};  ///< other endpoints than those of the parties
  unsigned size = 0;         ///< at least so many octets
};

}  // namespace viaduct::diagnose::test
