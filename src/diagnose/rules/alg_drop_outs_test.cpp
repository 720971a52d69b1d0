// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

AlgSign linux_alg() {
  AlgSign sign{.address = rtp::test::endpoint("192.0.2.10:0").address, .log_likelihood = 6, .family = "linux"};
  sign.proof.frame = 1;
  sign.proof.text = "o= is private and c= is public";
  return sign;
}

/// Both parties talk; every 30 s what goes to the caller is discarded for 2 s.
void call(Scene& scene, double at, int holes) {
  scene.set_up(at).hang_up(at + 30 * holes + 10);
  scene.talk(at + 0.3, Party::caller).send(1500 * holes + 200);
  rtp::test::Talk& talk = scene.talk(at + 0.3, Party::callee);
  for (int i = 0; i < holes; ++i) talk.send(1400).lose(100);
  talk.send(200);
}

TEST(AlgDropOuts, FailOfACallWithARhythm) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 8);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"()");
}

TEST(AlgDropOuts, FailOfThreeCallsTogether) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 4);
  call(scene.another("call-2"), 208, 4);
  call(scene.another("call-3"), 419, 4);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"()");
}

TEST(AlgDropOuts, Pass) {
  Scene scene;
  scene.signs = {linux_alg()};
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::caller).send(300);
  scene.talk(1.3, Party::callee).send(300);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"()");
}

TEST(AlgDropOuts, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"()");
}

TEST(AlgDropOuts, InconclusiveWithoutSip) {
  Scene scene;
  call(scene, 1, 8);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"()");
}

TEST(AlgDropOuts, InconclusiveOfFourHolesOfOneCall) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 4);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"()");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
