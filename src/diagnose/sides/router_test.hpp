// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/comparison.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

/// A router for the tests of this folder and of the rules: what passes it is seen on both sides, the clock of the outer
/// one is 7 s ahead. Phone 192.168.1.10 is 203.0.113.2 outside, its ports stay; the platform is 198.51.100.10.
namespace viaduct::diagnose::sides {

inline net::Endpoint at(const std::string& text) {
  return net::parse_endpoint(text).value_or(net::Endpoint{});
}

class Router {
 public:
  using Edit = std::function<std::string(const std::string&)>;

  std::string phone = "192.168.1.10:5060";
  std::string mapped = "203.0.113.2:5060";
  std::string platform = "198.51.100.10:5060";
  double ahead = 7;  ///< seconds by which the clock outside is
  sip::Transport transport = sip::Transport::udp;
  std::uint16_t segments = 1;  ///< in which a message comes to the box over TCP
  SideLog inside;
  SideLog outside;

  /// From the phone, as it leaves it and as it comes out.
  void out(double seconds, const std::string& message, const Edit& edit = {}) {
    sees(inside, seconds, message, phone, platform, 64);
    sees(outside, seconds + 0.001 + ahead, edit ? edit(message) : message, mapped, platform, 63);
  }
  /// From the phone; a queue keeps it back for so many seconds.
  void held_out(double seconds, double held, const std::string& message, const Edit& edit = {}) {
    sees(inside, seconds, message, phone, platform, 64);
    sees(outside, seconds + held + ahead, edit ? edit(message) : message, mapped, platform, 63);
  }
  /// From the platform.
  void in(double seconds, const std::string& message, const Edit& edit = {}) {
    sees(outside, seconds + ahead, message, platform, mapped, 60);
    sees(inside, seconds + 0.001, edit ? edit(message) : message, platform, phone, 59);
  }
  void lost_out(double seconds, const std::string& message) { sees(inside, seconds, message, phone, platform, 64); }
  /// Sent outside by what the inner capture has not seen.
  void only_outside(double seconds, const std::string& message) {
    sees(outside, seconds, message, mapped, platform, 63);
  }
  void lost_in(double seconds, const std::string& message, const std::string& source = "198.51.100.10:5060") {
    sees(outside, seconds + ahead, message, source, mapped, 60);
  }
  /// A packet each 20 ms but for those of which `lost` is true.
  void audio(double begin, int packets, bool outbound, const std::function<bool(int)>& lost = {}, unsigned dscp = 46,
             unsigned dscp_behind = 46, const std::string& outer = "203.0.113.2:40000") {
    for (int i = 0; i < packets; ++i) {
      const double time = begin + i * 0.02;
      const std::string inner = "192.168.1.10:40000", relay = "198.51.100.20:50000";
      const auto number = static_cast<std::uint16_t>(65500 + i);
      const bool gone = lost && lost(i);
      if (outbound || !gone)
        packet(inside, time + (outbound ? 0 : 0.001), number, outbound, outbound ? inner : relay,
               outbound ? relay : inner, outbound ? dscp : dscp_behind, outbound ? 64 : 59);
      if (!outbound || !gone)
        packet(outside, time + ahead + (outbound ? 0.001 : 0), number, outbound, outbound ? outer : relay,
               outbound ? relay : outer, outbound ? dscp_behind : dscp, outbound ? 63 : 60);
    }
  }
  /// The i-th packet of audio(), on one side alone; the first is the inner one.
  void seen(Side side, double begin, int i, bool outbound) {
    const bool inner = side == Side::first, behind = inner != outbound;  // the router
    const std::string phone_at = inner ? "192.168.1.10:40000" : "203.0.113.2:40000", relay = "198.51.100.20:50000";
    packet(inner ? inside : outside, begin + i * 0.02 + (inner ? 0 : ahead) + (behind ? 0.001 : 0),
           static_cast<std::uint16_t>(65500 + i), outbound, outbound ? phone_at : relay, outbound ? relay : phone_at,
           46, outbound ? (behind ? 63 : 64) : (behind ? 59 : 60));
  }
  /// One stream, one way, a packet each 20 ms.
  struct Way {
    std::uint32_t ssrc;
    std::string inner, outer;
    std::string remote = "198.51.100.20:50000";
    bool outbound = false;
  };
  void media(const Way& way, double begin, int packets, const std::function<bool(int)>& lost = {}, int number = 100) {
    for (int i = 0; i < packets; ++i) {
      const double time = begin + i * 0.02;
      const auto sequence = static_cast<std::uint16_t>(number + i);
      const bool gone = lost && lost(i);
      if (way.outbound || !gone)
        packet(inside, time + (way.outbound ? 0 : 0.001), sequence, way.outbound, way.outbound ? way.inner : way.remote,
               way.outbound ? way.remote : way.inner, 0, way.outbound ? 64 : 59, way.ssrc);
      if (!way.outbound || !gone)
        packet(outside, time + ahead + (way.outbound ? 0.001 : 0), sequence, way.outbound,
               way.outbound ? way.outer : way.remote, way.outbound ? way.remote : way.outer, 0, way.outbound ? 63 : 60,
               way.ssrc);
    }
  }
  /// What is no SIP, from the phone to the platform; `arrives` empty: it does not.
  void datagram(double seconds, const std::string& octets, const std::string& arrives) {
    note(inside, seconds, octets, phone, 64);
    if (!arrives.empty()) note(outside, seconds + 0.001 + ahead, arrives, mapped, 63);
  }
  /// REGISTER and its answer.
  void registers(double seconds, int cseq = 1, const Edit& edit = {}) {
    out(seconds, request("REGISTER", cseq), edit);
    in(seconds + 0.05, response(200, "REGISTER", cseq));
  }

  [[nodiscard]] std::string request(const std::string& method, int cseq, const std::string& sdp = "",
                                    const std::string& headers = "") const {
    return method + " sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP " + phone + ";rport;branch=z9hG4bK" + method +
           std::to_string(cseq) + "\r\nFrom: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>\r\n" +
           "Call-ID: c1\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\nContact: <sip:alice@" + phone +
           ">\r\nMax-Forwards: 70\r\n" + headers + body(sdp);
  }
  [[nodiscard]] std::string response(int status, const std::string& method, int cseq,
                                     const std::string& sdp = "") const {
    return "SIP/2.0 " + std::to_string(status) + " x\r\nVia: SIP/2.0/UDP " + phone + ";branch=z9hG4bK" + method +
           std::to_string(cseq) + ";received=203.0.113.2;rport=5060\r\n" +
           "From: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>;tag=b\r\nCall-ID: c1\r\nCSeq: " +
           std::to_string(cseq) + " " + method + "\r\n" + body(sdp);
  }
  [[nodiscard]] static std::string sdp(const std::string& address, int port, int version = 1,
                                       const std::string& more = "") {
    return "v=0\r\no=- 1 " + std::to_string(version) + " IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address +
           "\r\nt=0 0\r\nm=audio " + std::to_string(port) + " RTP/AVP 8\r\n" + more;
  }
  [[nodiscard]] static std::string body(const std::string& sdp) {
    const std::string type = sdp.empty() ? "" : "Content-Type: application/sdp\r\n";
    return type + "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
  }
  /// Replaces all of `what`, and Content-Length with it.
  [[nodiscard]] static Edit replacing(const std::string& what, const std::string& with, bool length = true) {
    return [=](const std::string& message) {
      std::string text = message;
      for (std::size_t i = text.find(what); i != std::string::npos; i = text.find(what, i + with.size()))
        text.replace(i, what.size(), with);
      const std::size_t digits = text.find("Content-Length: ") + 16;
      const std::string size = std::to_string(text.size() - text.find("\r\n\r\n") - 4);
      if (length) text.replace(digits, text.find('\r', digits) - digits, size);
      return text;
    };
  }

  [[nodiscard]] Comparison compare() const { return sides::compare(inside, outside); }

 private:
  void note(SideLog& side, double seconds, const std::string& octets, const std::string& from, std::uint8_t ttl) {
    const call::FrameRef frame{.number = ++frame_ & 0xffffffffffffU,
                               .file = static_cast<std::uint16_t>(&side == &outside ? 1 : 0)};
    side.datagrams.add({octets, time_of(seconds), at(from), at(platform), frame, ttl});
    side.saw(time_of(seconds));
  }

  static Time time_of(double seconds) { return Time(Duration(static_cast<std::int64_t>(seconds * 1e9))); }

  void sees(SideLog& side, double seconds, const std::string& octets, const std::string& from, const std::string& to,
            std::uint8_t ttl) {
    const sip::Result<sip::Message> message = sip::parse(octets);
    ASSERT_TRUE(message);
    call::Sighting seen;
    seen.octets = octets;
    seen.length = static_cast<std::uint32_t>(octets.size());
    seen.time = time_of(seconds);
    seen.source = at(from);
    seen.destination = at(to);
    seen.transport = transport;
    seen.frame = {.number = ++frame_ & 0xffffffffffffU, .file = static_cast<std::uint16_t>(&side == &outside ? 1 : 0)};
    const sip::Result<call::Reading> reading = call::read(seen, *message);
    ASSERT_TRUE(reading);
    Carriage carriage;
    carriage.ttl = ttl;
    carriage.segments = segments;
    carriage.fragments = octets.size() > 1472 ? 2 : 1;
    side.messages.add(*reading, carriage);
    side.saw(seen.time);
  }

  void packet(SideLog& side, double seconds, std::uint16_t number, bool outbound, const std::string& from,
              const std::string& to, unsigned dscp, std::uint8_t ttl, std::uint32_t ssrc = 0) {
    SeenPacket seen;
    seen.ssrc = ssrc != 0 ? ssrc : outbound ? 1 : 2;
    seen.sequence = number;
    seen.time = time_of(seconds);
    seen.source = at(from);
    seen.destination = at(to);
    seen.dscp = static_cast<std::uint8_t>(dscp);
    seen.ttl = ttl;
    seen.frame = {.number = ++frame_ & 0xffffffffffffU, .file = static_cast<std::uint16_t>(&side == &outside ? 1 : 0)};
    side.packets.add(seen);
    side.saw(seen.time);
  }

  std::uint64_t frame_ = 0;
};

}  // namespace viaduct::diagnose::sides
