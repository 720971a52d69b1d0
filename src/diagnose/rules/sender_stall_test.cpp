// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

void call(Scene& scene, int stalls) {
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < stalls; ++i) talk.send(500).stall(milliseconds(900));
  talk.send(500);
}

TEST(SenderStall, Fail) {
  Scene scene;
  call(scene, 6);
  EXPECT_EQ(scene.judge(sender_stall()), R"()");
}

TEST(SenderStall, Pass) {
  Scene scene;
  call(scene, 0);
  EXPECT_EQ(scene.judge(sender_stall()), R"()");
}

TEST(SenderStall, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(sender_stall()), R"()");
}

TEST(SenderStall, InconclusiveOfTwice) {
  Scene scene;
  call(scene, 2);
  EXPECT_EQ(scene.judge(sender_stall()), R"()");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
