// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

void call(Scene& scene, int losses) {
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < losses; ++i) talk.send(60).lose(1);
  talk.send(600);
}

TEST(PacketLoss, Fail) {
  Scene scene;
  call(scene, 30);
  EXPECT_EQ(scene.judge(packet_loss()), R"(
fail unknown major 1.00: 30 of 2430 packets towards the caller were lost, 1 packet in a row at most.
  #10001 1.300 of this stream 30 of 2430 packets are missing
  streams 0
)");
}

TEST(PacketLoss, FailOfWhatIsLostOutsideOfDropOuts) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 10; ++i) talk.send(60).lose(1).send(60).lose(2).send(60).lose(100);
  talk.send(600);
  EXPECT_EQ(scene.judge(packet_loss()), R"(
fail unknown major 1.00: 30 of 2430 packets towards the caller were lost outside of drop-outs.
  #10001 1.300 of this stream 30 of 2430 packets are missing outside of drop-outs
  streams 0
)");
}

/// Holes of 2 s are what `drop-outs` tells of.
TEST(PacketLoss, PassOfDropOutsAlone) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 6; ++i) talk.send(300).lose(100);
  talk.send(300);
  EXPECT_EQ(scene.judge(packet_loss()), R"(
pass: Outside of drop-outs fewer than two in a thousand were lost.
)");
}

TEST(PacketLoss, Pass) {
  Scene scene;
  call(scene, 1);
  EXPECT_EQ(scene.judge(packet_loss()), R"(
pass: Outside of drop-outs fewer than two in a thousand were lost.
)");
}

TEST(PacketLoss, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::callee).send(100).lose(10).send(100);
  EXPECT_EQ(scene.judge(packet_loss()), R"(
not_applicable: No stream was captured for long enough.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
