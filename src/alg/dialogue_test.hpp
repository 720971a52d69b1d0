// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/decide.hpp"
#include "alg/verify.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace viaduct::alg {

/// One router seen by a test: messages as text in, messages as text out, state in between. Inner host
/// 192.168.1.10, WAN 203.0.113.1, platform 198.51.100.5:5060.
class Dialogue : public ::testing::Test {
 protected:
  Dialogue() {
    state.wans().resize(1);
    state.wans()[0].address = *net::parse_address("203.0.113.1");
    policy.mode = Mode::assist;
  }

  /// What leaves by the WAN for what the phone sent.
  std::string out(const std::string& text) { return pass(text, true); }
  /// What reaches the phone for what the platform sent.
  std::string in(const std::string& text) { return pass(text, false); }

  std::string pass(const std::string& text, bool outbound) {
    const sip::Result<sip::Message> message = sip::parse(text);
    EXPECT_TRUE(message) << text;
    Arrival arrival;
    arrival.outbound = outbound;
    arrival.inner = inner;
    arrival.platform = platform;
    arrival.now = now;
    decide(*message, arrival, policy, state, decision);
    if (decision.asks_flow) {
      arrival.flow_asked = true;
      arrival.flow_outer = flow_outer;
      decide(*message, arrival, policy, state, decision);
    }
    if (sabotage) sabotage(decision.edits);
    std::string room(text.size() + edit::EditList::kMaxText, '?');
    const std::string edited(edited_message(*message, decision, {now}, room));
    for (const Change& change : decision.changes) state.apply(change, effects);
    for (const Event& event : decision.events()) state.record(decision.association, event);
    return edited;
  }

  /// "action field reason" of every event of the last message, one a line.
  [[nodiscard]] std::string events() const {
    std::string all;
    for (const Event& event : decision.events())
      all += std::string(text(event.action)) + " " + std::string(text(event.field)) + " " +
             std::string(text(event.reason)) + "\n";
    return all;
  }

  /// "inner > outer" of every mapping, sorted.
  [[nodiscard]] std::vector<std::string> mappings() const {
    std::vector<std::string> all;
    state.mappings().for_each([&](const Mapping& m) {
      all.push_back(m.key.inner.to_text() + " > " + (m.outer.port == 0 ? std::string("watched") : m.outer.to_text()));
    });
    std::sort(all.begin(), all.end());
    return all;
  }

  State state;
  Policy policy;
  Decision decision;
  std::vector<Effect> effects;
  net::Endpoint inner = *net::parse_endpoint("192.168.1.10:5060");
  net::Endpoint platform = *net::parse_endpoint("198.51.100.5:5060");
  std::optional<net::Endpoint> flow_outer;
  std::function<void(edit::EditList&)> sabotage;  ///< what a bug would do to the edits of the next messages
  base::Instant now{std::chrono::hours(1)};
};

/// A message with CRLF line ends and the right Content-Length, from lines separated by LF; the SDP, if
/// any, begins after an empty line.
inline std::string sip_text(const std::string& head, const std::string& body = {}) {
  auto crlf = [](const std::string& lines) {
    std::string all;
    for (const char c : lines) all += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return all;
  };
  const std::string content = crlf(body);
  const std::string type = body.empty() ? "" : "Content-Type: application/sdp\r\n";
  return crlf(head) + type + "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content;
}

inline std::string register_text(const std::string& via, const std::string& contact) {
  return sip_text(
      "REGISTER sip:example.net SIP/2.0\nVia: SIP/2.0/UDP " + via + "\nMax-Forwards: 70\n" +
      "From: <sip:bob@example.net>;tag=a\nTo: <sip:bob@example.net>\nCall-ID: reg@192.168.1.10\nCSeq: 1 REGISTER\n" +
      "Contact: " + contact + "\nExpires: 300\n");
}

inline std::string invite(const std::string& sdp, const std::string& extra = {}, const std::string& to_tag = {}) {
  return sip_text(
      "INVITE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bK1\n"
      "Max-Forwards: 70\nFrom: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>" +
          to_tag + "\nCall-ID: c1@192.168.1.10\nCSeq: 1 INVITE\nContact: <sip:bob@192.168.1.10>\n" + extra,
      sdp);
}

inline std::string sdp(const std::string& address, const std::string& rest,
                       const std::string& origin = "192.168.1.10") {
  return "v=0\no=bob 1 1 IN IP4 " + origin + "\ns=-\nc=IN IP4 " + address + "\nt=0 0\n" + rest;
}

inline std::string ok_invite(const std::string& sdp, const std::string& extra = {}) {
  return sip_text(
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10:5060;rport=5060;branch=z9hG4bK1\n"
      "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>;tag=b\nCall-ID: c1@192.168.1.10\n"
      "CSeq: 1 INVITE\nContact: <sip:alice@198.51.100.9:5070>\n" +
          extra,
      sdp);
}

inline std::string bye_out() {
  return sip_text(
      "BYE sip:alice@198.51.100.9:5070 SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bK9\n"
      "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>;tag=b\nCall-ID: c1@192.168.1.10\nCSeq: 2 BYE\n");
}

}  // namespace viaduct::alg
