// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

const std::string kSilence(160, '\xd5');

TEST(SilentAudio, FailWhereBothAreSilent) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  for (const Party speaker : {Party::caller, Party::callee}) {
    rtp::test::Talk& talk = scene.talk(1.3, speaker);
    talk.payload = kSilence;
    talk.send(700);
  }
  EXPECT_EQ(scene.judge(silent_audio()), R"(
fail endpoint major 0.90: Both parties send silence all the time.
  #10001 1.300 700 packets of G.711 towards the callee in 14.0 s, all under -60 dBov
  streams 0 1
)");
}

TEST(SilentAudio, InconclusiveWhereOneIsSilent) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  rtp::test::Talk& muted = scene.talk(1.3, Party::caller);
  muted.payload = kSilence;
  muted.send(700);
  scene.talk(1.3, Party::callee).send(700);
  EXPECT_EQ(scene.judge(silent_audio()), R"(
inconclusive unknown minor 0.00: The caller sends silence all the time. It may be muted, or have no audio to send: nothing here tells.
  #10001 1.300 700 packets of G.711 towards the callee in 14.0 s, all under -60 dBov
  streams 0
)");
}

TEST(SilentAudio, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  rtp::test::Talk& seldom = scene.talk(1.3, Party::caller);
  seldom.payload = kSilence;
  seldom.send(600).payload = std::string(160, '\x2a');
  seldom.send(100);
  EXPECT_EQ(scene.judge(silent_audio()), R"(
pass: What could be listened to was not silent throughout.
)");
}

TEST(SilentAudio, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  rtp::test::Talk& g729 = scene.talk(1.3, Party::caller);
  g729.payload_type = 18;
  g729.send(700);
  EXPECT_EQ(scene.judge(silent_audio()), R"(
not_applicable: No stream of 10 s and more was G.711 that can be listened to.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
