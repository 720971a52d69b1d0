// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

TEST(QueueOverflow, Fail) {
  Scene scene;
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 8; ++i) talk.send(300).queue(30, milliseconds(5)).lose(2).queue(30, milliseconds(-5));
  EXPECT_EQ(scene.judge(queue_overflow()), R"(
fail bandwidth minor 1.00: A queue towards the caller filled before it lost packets: chance of such a trend under 0.000001.
  #10001 1.300 delay rose by more than 0.02 s before 8 of 8 losses; 16 of 16 lost packets fell into peaks of delay
  streams 0
)");
}

TEST(QueueOverflow, PassWhereDelayDoesNotRise) {
  Scene scene;
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 8; ++i) talk.send(300).lose(2).send(60);
  EXPECT_EQ(scene.judge(queue_overflow()), R"(
pass: Packets were lost, but delay did not rise before.
)");
}

TEST(QueueOverflow, PassWithoutALoss) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::callee).send(300);
  EXPECT_EQ(scene.judge(queue_overflow()), R"(
pass: No packet was lost.
)");
}

TEST(QueueOverflow, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::callee).send(100).lose(1).send(100);
  scene.another("call-2").set_up(20).hang_up(30);
  EXPECT_EQ(scene.judge(queue_overflow()), R"(
not_applicable: Too few packets were lost for a statement about queues.
not_applicable: No RTP was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
