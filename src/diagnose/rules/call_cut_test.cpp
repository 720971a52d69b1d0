// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

/// The answer again and again as nobody acknowledges it (RFC 3261 13.3.1.4), and BYE at 64*T1.
void repeat_answer(Scene& scene, double answered) {
  for (const double after : {0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5})
    scene.response(answered + after, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  scene.hang_up(answered + 32, Party::callee);
}

TEST(CallCut, FailWithoutAnAck) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  scene.talk(1.3, Party::caller).send(1500);
  repeat_answer(scene, 1.2);
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.95: The answer came 10 times again, because its ACK did not arrive; the callee sent BYE after 32.0 s. The caller sends media, so it had the answer: its ACK was lost between it and here, or took another way.
  behaviour C07
  #2 1.200 200 from 198.51.100.20:5060 to 192.0.2.10:5060, repeated for 31.5 s
  #13 33.200 the end of the call
)");
}

TEST(CallCut, FailWhereTheContactOfTheAnswerIsPrivate) {
  Scene scene;
  scene.callee.contact = "10.0.0.7:5060";
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  repeat_answer(scene, 1.2);
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.95: The answer came 10 times again, because its ACK did not arrive; the callee sent BYE after 32.0 s. Nothing tells whether the answer did not reach the caller, or its ACK was lost. The answer names a private address as its way back, although it comes from a public one.
  behaviour C07
  #2 1.200 200 from 198.51.100.20:5060 to 192.0.2.10:5060, repeated for 31.5 s
  #2 1.200 Contact of the answer: the ACK has to go there
    sip:bob@10.0.0.7:5060
            ^^^^^^^^
  #13 33.200 the end of the call
)");
}

TEST(CallCut, FailWhereTheAckGoesAstray) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE",
                 {.headers = "Record-Route: <sip:10.1.1.1;lr>", .sdp = "sendrecv"});
  scene.request(1.3, Party::caller, "ACK", 1, {.to = "10.1.1.1:5060"});
  repeat_answer(scene, 1.2);
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.95: The answer came 10 times again, because its ACK did not arrive; the callee sent BYE after 32.0 s. The ACK was seen here, on its way to 10.1.1.1:5060: it was lost behind here, or that is not where the answer came from. The answer names a private address as its way back, although it comes from a public one.
  behaviour C07
  #2 1.200 200 from 198.51.100.20:5060 to 192.0.2.10:5060, repeated for 31.5 s
  #3 1.300 ACK to 10.1.1.1:5060
  #2 1.200 Record-Route of the answer: the ACK has to go there
    <sip:10.1.1.1;lr>
         ^^^^^^^^
  #14 33.200 the end of the call
)");
}

TEST(CallCut, FailWhereTheSessionWasNotRefreshed) {
  Scene scene;
  const std::string timer = "Session-Expires: 90;refresher=uac\nSupported: timer";
  scene.request(1, Party::caller, "INVITE", 1, {.headers = timer, .sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.headers = timer, .sdp = "sendrecv"});
  scene.request(1.3, Party::caller, "ACK").hang_up(61.5, Party::callee);
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.80: The session timer of 90 s ended the call 60.3 s after its answer: the caller, whose duty it is, sent no refresh here.
  #4 61.500 BYE of the callee
)");
}

TEST(CallCut, FailWhereTheRefreshWasLost) {
  Scene scene;
  const std::string timer = "Session-Expires: 90;refresher=uac\nSupported: timer";
  scene.request(1, Party::caller, "INVITE", 1, {.headers = timer, .sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.headers = timer, .sdp = "sendrecv"});
  scene.request(1.3, Party::caller, "ACK");
  for (const double at : {46.0, 46.5, 47.5, 49.5}) scene.request(at, Party::caller, "UPDATE", 2);
  scene.hang_up(61.5, Party::callee);
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.95: The session timer of 90 s ended the call 60.3 s after its answer: its refresh was sent and never answered.
  #4 46.000 UPDATE without an answer
  #8 61.500 BYE of the callee
)");
}

TEST(CallCut, FailWhereTheRefreshWasRefused) {
  Scene scene;
  const std::string timer = "Session-Expires: 1800;refresher=uas\nSupported: timer";
  scene.request(1, Party::caller, "INVITE", 1, {.headers = timer, .sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.headers = timer, .sdp = "sendrecv"});
  scene.request(1.3, Party::caller, "ACK");
  scene.request(901.2, Party::callee, "INVITE", 7, {.headers = timer, .sdp = "sendrecv"});
  scene.response(901.3, Party::caller, "481 Call/Transaction Does Not Exist", "7 INVITE");
  scene.request(901.4, Party::callee, "ACK", 7).hang_up(901.5, Party::callee);
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.95: The session timer of 1800 s ended the call 900.3 s after its answer: its refresh was refused with 481.
  #5 901.300 481 to the refresh
  #7 901.500 BYE of the callee
)");
}

TEST(CallCut, FailWithoutMedia) {
  Scene scene;
  scene.set_up(1).hang_up(31.2, Party::callee, "Reason: Q.850;cause=102;text=\"RTP Timeout\"");
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail unknown critical 0.95: The callee ended the call 30.0 s after its answer because it got no media.
  #5 31.200 Reason of the BYE
    Q.850;cause=102;text="RTP Timeout"
)");
}

TEST(CallCut, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(33);
  EXPECT_EQ(scene.judge(call_cut()), R"(
pass: A party hung up, and no timer was due.
)");
}

TEST(CallCut, PassWhereTheSecondAnswerIsAcknowledged) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  scene.response(1.7, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  scene.request(1.8, Party::caller, "ACK").hang_up(40);
  EXPECT_EQ(scene.judge(call_cut()), R"(
pass: A party hung up, and no timer was due.
)");
}

TEST(CallCut, NotApplicable) {
  Scene scene;
  scene.set_up(1);
  scene.another("call-2").request(20, Party::caller, "INVITE").response(21, Party::callee, "486 Busy Here", "1 INVITE");
  EXPECT_EQ(scene.judge(call_cut()), R"(
not_applicable: The end of the call was not captured.
not_applicable: The call was not answered.
)");
}

TEST(CallCut, FailWhereTheAnswerIsRepeatedForAsLongAsItCanBe) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  for (const double after : {0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5})
    scene.response(1.2 + after, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(call_cut()), R"(
fail signalling critical 0.95: The answer came 10 times again, because its ACK did not arrive for as long as the callee waits for it, which is 32.0 s. Nothing tells whether the answer did not reach the caller, or its ACK was lost.
  behaviour C07
  #2 1.200 200 from 198.51.100.20:5060 to 192.0.2.10:5060, repeated for 31.5 s
)");
}

TEST(CallCut, InconclusiveWhereTheCaptureEndsBeforeAnybodyGaveUp) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  for (const double after : {0.5, 1.0, 1.5})
    scene.response(1.2 + after, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(call_cut()), R"(
inconclusive none minor 0.00: The answer came 3 times again, as no ACK arrived, but neither that the callee gave up nor that the call was ended was captured.
  #2 1.200 repeated for 1.50 s
)");
}

TEST(CallCut, InconclusiveWhereTheCaptureEndsSoon) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  scene.response(1.7, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(call_cut()), R"(
inconclusive none note 0.00: The answer was repeated and its ACK not seen, but not for long enough.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
