// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

constexpr const char* kBothWays = R"(
pass: Media flowed both ways.
)";

TEST(OneWayAudio, FailWhereTheSdpNamesAnAddressThatNobodyCanSendTo) {
  Scene scene;
  scene.caller.sip = "203.0.113.2:40060";
  scene.caller.contact = "192.168.1.10:5060";
  scene.caller.media = "192.168.1.10:4000";
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
fail configuration critical 0.80: The caller hears nothing: its SDP names 192.168.1.10, where nobody outside of its own network can send, its messages come from 203.0.113.2, and its peer does not send to where its media comes from.
  #1 1.000 SDP of the caller, in a packet from 203.0.113.2
    c=IN IP4 192.168.1.10
             ^^^^^^^^^^^^
  #10001 1.300 the caller sends from 192.168.1.10:4000 to 198.51.100.20:6000, 300 packets
  streams 0
)");
}

TEST(OneWayAudio, FailWhereThePeerSendsThereAllTheSame) {
  Scene scene;
  scene.caller.sip = "203.0.113.2:40060";
  scene.caller.media = "192.168.1.10:4000";
  scene.set_up(1).hang_up(8);
  rtp::test::Talk& spoken = scene.talk(1.3, Party::caller);
  spoken.source = rtp::test::endpoint("203.0.113.2:41000");
  spoken.send(300);
  scene.talk(1.4, Party::callee).send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
fail configuration critical 0.95: The caller hears nothing: its SDP names 192.168.1.10, where nobody outside of its own network can send, its messages come from 203.0.113.2, and its peer does not send to where its media comes from.
  #1 1.000 SDP of the caller, in a packet from 203.0.113.2
    c=IN IP4 192.168.1.10
             ^^^^^^^^^^^^
  #10001 1.300 the caller sends from 203.0.113.2:41000 to 198.51.100.20:6000, 300 packets
  #20001 1.400 300 packets go to 192.168.1.10:4000
  streams 0 1
)");
}

/// The router lets the caller's media through to nobody, and what it lets in arrives: the SDP that was captured
/// outside, too, says nothing of what was captured inside.
TEST(OneWayAudio, PassWhereWhatComesToTheAddressWasCapturedInside) {
  Scene scene;
  scene.caller.media = "192.168.1.10:4000";
  for (const char* const sip : {"192.168.1.10:5060", "203.0.113.2:40060"}) {
    scene.caller.sip = sip;
    scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  }
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"}).hang_up(8);
  scene.talk(1.3, Party::caller).send(300);
  scene.talk(1.4, Party::callee).send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), kBothWays);
}

TEST(OneWayAudio, FailWhereItArrivesOnOneSideOfARouterAlone) {
  Scene scene;
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  scene.set_up(1).hang_up(8);
  rtp::test::Talk& spoken = scene.talk(1.3, Party::caller);
  spoken.send_twice(outer, spoken.destination, 300);
  rtp::test::Talk& kept = scene.talk(1.3, Party::callee);
  kept.destination = outer;
  kept.send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
fail unknown critical 0.90: RTP towards the caller arrived on one side of a router and was never seen on the other one, although SDP lets it flow.
  #20001 1.300 198.51.100.20:6000 sends to 203.0.113.9:40000, 300 packets that were not passed on
  #10001 1.300 the caller sends from 192.0.2.10:4000 to 198.51.100.20:6000, 300 packets
  streams 2 0
)");
}

TEST(OneWayAudio, FailWhereTheSecondOfTwoRoutersLetsNothingOut) {
  Scene scene;
  const net::Endpoint between = rtp::test::endpoint("10.9.9.9:40000");
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  scene.set_up(1).hang_up(8);
  rtp::test::Talk& spoken = scene.talk(1.3, Party::caller);
  spoken.send_twice(between, spoken.destination, 300);
  rtp::test::Talk& heard = scene.talk(1.3, Party::callee);
  const net::Endpoint inner = heard.destination;
  heard.destination = outer;
  heard.send_at({{heard.source, between}, {heard.source, inner}}, 300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
fail unknown critical 0.90: RTP towards the callee arrived on one side of a router and was never seen on the other one, although SDP lets it flow.
  #10001 1.300 192.0.2.10:4000 sends to 198.51.100.20:6000, 300 packets that were not passed on
  #20001 1.300 the callee sends from 198.51.100.20:6000 to 203.0.113.9:40000, 300 packets
  streams 0 2
)");
}

TEST(OneWayAudio, FailWithoutAReason) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::callee).send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
fail unknown critical 0.70: No RTP towards the callee was seen here, although SDP lets it flow and the callee was heard for 5.98 s.
  #10001 1.300 the callee sends from 198.51.100.20:6000 to 192.0.2.10:4000, 300 packets
  #3 1.200 the callee wants media at 198.51.100.20:6000, where none came
  streams 0
)");
}

/// ICMP answers packets of the callee's stream once a second.
void refuse(std::vector<CallFacts>& facts, double from, double until) {
  for (StreamFacts& stream : facts.at(0).streams)
    if (stream.receiver == Party::caller) stream.refused = {9, call::at(from), call::at(until), 77};
}

TEST(OneWayAudio, FailWhereNobodyListens) {
  Scene scene;
  scene.set_up(1).hang_up(11);
  scene.both_talk(1.3, 450, 450);
  std::vector<CallFacts> facts = scene.facts();
  refuse(facts, 1.31, 10);
  EXPECT_EQ("\n" + test::text_of(one_way_audio().judge(facts.at(0))), R"(
fail unknown critical 0.95: The caller hears nothing: RTP for it goes to 192.0.2.10:4000, where nobody listens, as ICMP says.
  #77 1.310 ICMP: port unreachable, 9 times within 8.69 s
  #1 1.000 SDP of the caller
    c=IN IP4 192.0.2.10
             ^^^^^^^^^^
  #10001 1.300 the caller sends from 192.0.2.10:4000 to 198.51.100.20:6000, 450 packets
  streams 1 0
)");
}

/// A beep, and a recording begins: audio_ends() tells of it.
TEST(OneWayAudio, PassWhereAnythingCame) {
  for (const int packets : {2, 10, 16}) {
    Scene scene;
    scene.set_up(1).hang_up(61);
    scene.both_talk(1.3, 2980, packets);
    EXPECT_EQ(scene.judge(one_way_audio()), kBothWays) << packets;
  }
}

TEST(OneWayAudio, PassWhereItIsHeldSoon) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 2980, 10);
  scene.re_invite(1.6, 2, "sendonly").hang_up(61);
  EXPECT_EQ(scene.judge(one_way_audio()), kBothWays);
}

TEST(OneWayAudio, PassWhereAPhoneWasNotReadyOrHungUp) {
  Scene scene;
  scene.set_up(1).hang_up(11);
  scene.both_talk(1.3, 450, 450);
  for (const auto& [from, until] : {std::pair{1.31, 3.0}, std::pair{9.0, 10.2}}) {
    std::vector<CallFacts> facts = scene.facts();
    refuse(facts, from, until);
    EXPECT_EQ("\n" + test::text_of(one_way_audio().judge(facts.at(0))), R"(
pass: Media flowed both ways.
)");
  }
}

TEST(OneWayAudio, PassBothWays) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.both_talk(1.3, 300, 300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
pass: Media flowed both ways.
)");
}

TEST(OneWayAudio, PassWhereThePlatformSendsToWhereMediaComesFrom) {
  Scene scene;
  scene.caller.sip = "203.0.113.2:40060";
  scene.caller.media = "192.168.1.10:4000";
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(300);
  rtp::test::Talk& latched = scene.talk(1.5, Party::callee);
  latched.destination = rtp::test::endpoint("203.0.113.2:41000");
  latched.send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
pass: Media flowed both ways.
)");
}

TEST(OneWayAudio, NotApplicableOnHold) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendonly"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "recvonly"});
  scene.request(1.3, Party::caller, "ACK").hang_up(8);
  scene.talk(1.3, Party::caller).send(300);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
not_applicable: No answered call with media that was due both ways and came one way for 2 s at least.
)");
}

TEST(OneWayAudio, NotApplicableWithoutMedia) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  EXPECT_EQ(scene.judge(one_way_audio()), R"(
not_applicable: No answered call with media that was due both ways and came one way for 2 s at least.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
