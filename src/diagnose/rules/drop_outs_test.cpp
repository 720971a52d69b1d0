// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

TEST(DropOuts, Fail) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(1.3, Party::callee).send(200).lose(100).send(200);
  scene.talk(1.3, Party::caller).send(250).pause(milliseconds(1500)).send(150);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
fail unknown major 1.00: 1 drop-out, 2.00 s without media in all.
  #10200 5.280 nothing to play towards the caller for 2.00 s from 00:00:05.300 on, class L
  streams 0
)");
}

TEST(DropOuts, FailWithTheTimeThatWasSilent) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(1.3, Party::callee).send(200).lose(20).send(20).lose(20).send(200);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
fail unknown major 1.00: 1 drop-out, 0.80 s without media in all.
  #10200 5.280 nothing to play towards the caller for 0.80 s of 1.20 s from 00:00:05.300 on, class -
  streams 0
)");
}

TEST(DropOuts, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(6);
  scene.talk(1.3, Party::callee).send(100).lose(5).send(100);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
pass: No stream was without media for 200 ms or longer.
)");
}

TEST(DropOuts, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(6);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
not_applicable: No RTP was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
