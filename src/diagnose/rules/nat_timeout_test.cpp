// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::seconds;
using test::Scene;

/// The caller speaks for 10 s and is muted for a minute; half of that what comes for it is still let in.
void call(Scene& scene, int mutes) {
  scene.set_up(1).hang_up(300);
  rtp::test::Talk& caller = scene.talk(1.3, Party::caller);
  rtp::test::Talk& callee = scene.talk(1.3, Party::callee);
  for (int i = 0; i < mutes; ++i) {
    caller.send(500).pause(seconds(60));
    callee.send(500 + 1500).lose(1500);
  }
  caller.send(500);
  callee.send(500);
}

TEST(NatTimeout, Fail) {
  Scene scene;
  call(scene, 2);
  EXPECT_EQ(scene.judge(nat_timeout()), R"()");
}

TEST(NatTimeout, FailOfANewPortAfterTheSilence) {
  Scene scene;
  scene.set_up(1).hang_up(300);
  rtp::test::Talk& caller = scene.talk(1.3, Party::caller);
  for (const char* const port : {"192.0.2.10:4000", "192.0.2.10:4777", "192.0.2.10:4888"}) {
    caller.source = rtp::test::endpoint(port);
    caller.send(500).pause(seconds(60));
  }
  scene.talk(1.3, Party::callee).send(9000);
  EXPECT_EQ(scene.judge(nat_timeout()), R"()");
}

TEST(NatTimeout, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(300);
  scene.talk(1.3, Party::caller).send(500).pause(seconds(60)).send(500);
  scene.talk(1.3, Party::callee).send(4000);
  EXPECT_EQ(scene.judge(nat_timeout()), R"()");
}

TEST(NatTimeout, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(nat_timeout()), R"()");
}

TEST(NatTimeout, InconclusiveOfOnce) {
  Scene scene;
  call(scene, 1);
  EXPECT_EQ(scene.judge(nat_timeout()), R"()");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
