// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

#include <array>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

const std::array<double, 7> kTimerA{0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5};

TEST(NothingAnswers, FailToAPrivateAddress) {
  Scene scene;
  for (const double after : kTimerA)
    scene.request(1 + after, Party::caller, "INVITE", 1, {.sdp = "sendrecv", .to = "10.0.0.7:5060"});
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
fail unknown critical 0.90: INVITE from 192.0.2.10:5060 to 10.0.0.7:5060 was sent 7 times within 31.5 s, and nothing came back. It goes to a private address: unless a VPN leads there, nobody outside can send there.
  #1 1.000 INVITE of 364 octets
)");
}

TEST(NothingAnswers, FailWhereNobodyListens) {
  call::Heard heard;
  for (const double after : kTimerA) {
    heard.add(1 + after, call::text_of({.media = 4000}));
    heard.signalling.unreachable(0, call::endpoint(10, 5060), call::endpoint(20, 5060), call::at(1.01 + after),
                                 {.number = ++heard.frame & 0xffffffffffffU, .file = 0});
  }
  heard.signalling.finish();
  EXPECT_EQ("\n" + test::text_of(nothing_answers().judge({.call = heard.kept.calls.at(0)})), R"(
fail unknown critical 0.95: INVITE from 192.0.2.10:5060 to 192.0.2.20:5060 was sent 7 times within 31.5 s, and nothing came back. ICMP says that nobody listens at 192.0.2.20:5060.
  #1 1.000 INVITE of 310 octets
  #2 1.010 ICMP: port unreachable
)");
}

TEST(NothingAnswers, FailOfWhatIsLargerThanAPacket) {
  Scene scene;
  for (const double after : kTimerA)
    scene.request(1 + after, Party::caller, "INVITE", 1, {.sdp = "sendrecv", .size = 1900});
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
fail unknown critical 0.90: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent 7 times within 31.5 s, and nothing came back. It is larger than a packet: its fragments may be dropped.
  behaviour D01
  #1 1.000 INVITE of 2047 octets
)");
}

TEST(NothingAnswers, InconclusiveWhereAServerTriesInVain) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"})
      .response(1.1, Party::callee, "100 Trying", "1 INVITE");
  scene.request(21, Party::caller, "CANCEL").response(21.1, Party::callee, "200 OK", "1 CANCEL");
  scene.response(21.2, Party::callee, "487 Request Terminated", "1 INVITE").request(21.3, Party::caller, "ACK");
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
inconclusive unknown major 0.00: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent once, and nothing but 100 came back until it was cancelled 20.0 s later: the server took it, and nobody was reached.
  #1 1.000 INVITE of 364 octets
)");
}

TEST(NothingAnswers, FailOfTheBye) {
  Scene scene;
  scene.set_up(1);
  for (const double after : {0.0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5}) scene.request(9 + after, Party::caller, "BYE", 2);
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
fail unknown major 0.90: BYE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent 7 times within 15.5 s, and nothing came back.
  behaviour C08
  #5 9.000 BYE of 228 octets
)");
}

TEST(NothingAnswers, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(5);
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
pass: Each request was answered.
)");
}

TEST(NothingAnswers, NotApplicable) {
  Scene scene;
  scene.response(1, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
not_applicable: No request of the call was captured.
)");
}

TEST(NothingAnswers, FailWhereItsSenderGaveUpSoon) {
  Scene scene;
  for (const double after : {0.0, 0.5, 1.5, 3.5})
    scene.request(1 + after, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.another("call-2").set_up(60).hang_up(70);
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
fail unknown critical 0.90: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent 4 times within 3.50 s, and nothing came back.
  #1 1.000 INVITE of 364 octets
pass: Each request was answered.
)");
}

TEST(NothingAnswers, InconclusiveWhereItWasSentOnce) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.another("call-2").set_up(60).hang_up(70);
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
inconclusive unknown major 0.00: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent once and nothing came back within 32 s. Its sender did not repeat it: it gave up, or had an answer that took another way than this capture.
  #1 1.000 INVITE of 364 octets
pass: Each request was answered.
)");
}

TEST(NothingAnswers, InconclusiveWhereTheCaptureEndsSoon) {
  Scene scene;
  for (const double after : {0.0, 0.5, 1.5}) scene.request(1 + after, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
inconclusive unknown major 0.00: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent 3 times within 1.50 s, and nothing came back as long as it was watched.
  #1 1.000 INVITE of 364 octets
)");
}

TEST(NothingAnswers, NoteWhereTheCaptureEndsAtOnce) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(nothing_answers()), R"(
inconclusive none note 0.00: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent once, and nothing came back as long as it was watched.
  #1 1.000 INVITE of 364 octets
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
