// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/signalling.hpp"

#include <string>
#include <utility>
#include <vector>

/// Messages for the tests of this folder.
namespace viaduct::call {

inline Time at(double seconds) {
  return Time(Duration(static_cast<std::int64_t>(seconds * 1e9)));
}

inline net::Endpoint endpoint(unsigned host, std::uint16_t port) {
  return {net::Address::ipv4(0xc0000200U + host), port};
}

/// What a message is made of; the rest is the same for all.
struct Wording {
  std::string start = "INVITE sip:bob@example.com SIP/2.0";
  std::string call_id = "c1";
  std::string cseq = "1 INVITE";
  std::string branch = "z9hG4bK1";
  std::string from_tag = "a1";
  std::string to_tag = {};
  std::string headers = {};  ///< whole lines
  std::uint16_t media = 0;   ///< port of an m= line; 0: no SDP
  unsigned host = 10;        ///< that receives it
};

inline std::string text_of(const Wording& w) {
  std::string text = w.start + "\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=" + w.branch +
                     "\r\nFrom: <sip:alice@example.com>;tag=" + w.from_tag + "\r\nTo: <sip:bob@example.com>" +
                     (w.to_tag.empty() ? "" : ";tag=" + w.to_tag) + "\r\nCall-ID: " + w.call_id +
                     "\r\nCSeq: " + w.cseq + "\r\n" + w.headers;
  if (w.media == 0) return text + "\r\n";
  return text + "Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2." +
         std::to_string(w.host) + "\r\nt=0 0\r\nm=audio " + std::to_string(w.media) + " RTP/AVP 8 0 18 101\r\n";
}

struct Kept final : CallReceiver {
  void finished(Call&& call) override { calls.push_back(std::move(call)); }
  std::vector<Call> calls;
};

/// A Signalling with a receiver that keeps all, fed in few words. From host 10 to host 20, or the other way.
class Heard {
 public:
  explicit Heard(const CallLimits& limits = {}) : signalling(kept, limits) {}
  void add(double seconds, const std::string& text, bool forth = true, Point point = 0) {
    Sighting seen;
    seen.octets = text;
    seen.length = static_cast<std::uint32_t>(text.size());
    seen.time = at(seconds);
    seen.source = forth ? endpoint(10, 5060) : endpoint(20, 5060);
    seen.destination = forth ? endpoint(20, 5060) : endpoint(10, 5060);
    seen.frame.number = ++frame & 0xffffffffffffU;
    seen.point = point;
    signalling.add(seen);
  }
  /// INVITE, 200 and ACK within 0.2 s, with media at 4000 and 5000 unless told otherwise.
  void set_up(double seconds, const std::string& call_id, std::uint16_t here = 4000, std::uint16_t there = 5000) {
    add(seconds, text_of({.call_id = call_id, .media = here, .host = 10}));
    add(seconds + 0.1,
        text_of({.start = "SIP/2.0 200 OK", .call_id = call_id, .to_tag = "b1", .media = there, .host = 20}), false);
    add(seconds + 0.2, text_of({.start = "ACK sip:bob@example.com SIP/2.0",
                                .call_id = call_id,
                                .cseq = "1 ACK",
                                .branch = "z9hG4bK2",
                                .to_tag = "b1"}));
  }
  void hang_up(double seconds, const std::string& call_id) {
    Wording bye{.start = "BYE sip:bob@example.com SIP/2.0", .call_id = call_id, .cseq = "2 BYE", .branch = "z9hG4bK3"};
    bye.to_tag = "b1";
    add(seconds, text_of(bye));
    bye.start = "SIP/2.0 200 OK";
    add(seconds + 0.1, text_of(bye), false);
  }

  Kept kept;
  Signalling signalling;
  std::uint64_t frame = 0;  ///< number of the last one
};

}  // namespace viaduct::call
