// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

TEST(NoAudio, FailWhereOtherCallsHaveMedia) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::caller).send(300);
  scene.another("call-2").set_up(20).hang_up(30);
  EXPECT_EQ(scene.judge(no_audio()), R"(
fail unknown critical 0.80: No RTP of an answered call was seen for 9.80 s, while media of other calls of its hosts was.
  #9 20.200 answered, with SDP that lets audio flow both ways
  calls 1
)");
}

TEST(NoAudio, FailWhereBothNameWhatCannotBeReached) {
  Scene scene;
  scene.caller.sip = "203.0.113.2:5060";
  scene.callee.sip = "203.0.113.130:5060";
  scene.caller.media = "192.168.1.10:4000";
  scene.callee.media = "10.0.0.7:6000";
  scene.set_up(1).hang_up(9);
  scene.another("call-2").set_up(20).hang_up(30);
  scene.talk(20.3, Party::caller).send(300);
  EXPECT_EQ(scene.judge(no_audio()), R"(
fail configuration critical 0.80: No RTP of an answered call was seen for 7.80 s, while media of other calls of its hosts was. Both parties name private addresses in SDP, where the other one cannot send.
  #3 1.200 answered, with SDP that lets audio flow both ways
  calls 0
)");
}

TEST(NoAudio, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::caller).send(300);
  EXPECT_EQ(scene.judge(no_audio()), R"(
pass: Each answered call of 5 s and more had media.
)");
}

TEST(NoAudio, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(3);
  EXPECT_EQ(scene.judge(no_audio()), R"(
not_applicable: No answered call let audio flow for 5 s.
)");
}

TEST(NoAudio, InconclusiveWhereOnlySipWasCaptured) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.another("call-2").set_up(20).hang_up(30);
  EXPECT_EQ(scene.judge(no_audio()), R"(
inconclusive none note 0.00: 2 answered calls have no RTP here. Nothing tells whether there was none or it took another way than this capture.
  calls 0 1
)");
}

/// A day of a platform of which only SIP was captured: each call held against all others took minutes.
TEST(NoAudio, OfManyCallsInOneWalk) {
  constexpr std::uint32_t kCalls = 100'000;
  std::vector<CallOutcome> outcomes(kCalls);
  for (std::uint32_t i = 0; i < kCalls; ++i) {
    outcomes[i].index = i;
    outcomes[i].due = std::chrono::seconds(60);
    outcomes[i].media = {net::Address::ipv4(i), net::Address::ipv4(0xc6336414)};
  }
  const std::vector<finding::Finding> found = no_audio().judge({.outcomes = outcomes});
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].verdict, finding::Verdict::inconclusive);
  EXPECT_EQ(found[0].calls.size(), kCalls);
}

}  // namespace
}  // namespace viaduct::diagnose::rules
