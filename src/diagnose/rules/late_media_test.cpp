// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

TEST(LateMedia, Fail) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(1.3, Party::caller).send(400);
  scene.talk(5, Party::callee).send(200);
  EXPECT_EQ(scene.judge(late_media()), R"(
fail unknown major 0.90: Audio towards the caller began 3.70 s after the answer.
  #20001 5.000 its first packet
  streams 1
)");
}

TEST(LateMedia, FailWhereTheSenderWaitsForItsReceiver) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(3, Party::caller).send(400);
  scene.talk(3.05, Party::callee).send(400);
  EXPECT_EQ(scene.judge(late_media()), R"(
fail unknown minor 0.90: Audio towards the caller began 1.75 s after the answer, right after the first packet that the caller sent.
  #20001 3.050 its first packet
  streams 1
)");
}

TEST(LateMedia, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(1.3, Party::caller).send(400);
  scene.talk(1.9, Party::callee).send(400);
  EXPECT_EQ(scene.judge(late_media()), R"(
pass: Audio began within a second after the answer.
)");
}

TEST(LateMedia, PassWhereItWasHeldAtFirst) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "inactive"});
  scene.response(1.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "inactive"});
  scene.request(1.3, Party::caller, "ACK");
  scene.re_invite(6, 2, "sendrecv").hang_up(12);
  scene.talk(6.3, Party::callee).send(200);
  EXPECT_EQ(scene.judge(late_media()), R"(
pass: Audio began within a second after the answer.
)");
}

TEST(LateMedia, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.another("call-2").request(20, Party::caller, "INVITE").response(21, Party::callee, "486 Busy Here", "1 INVITE");
  EXPECT_EQ(scene.judge(late_media()), R"(
not_applicable: No RTP of the call was captured.
not_applicable: The call was not answered, or its answer not acknowledged.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
