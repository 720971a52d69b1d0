// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

TEST(CaptureHoles, Note) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100).lose(25).send(100);
  scene.talk(1.31, Party::callee).send(100).lose(25).send(100);
  EXPECT_EQ(scene.judge(capture_holes()), R"(
fail none note 0.90: The capture missed packets: those of both directions are missing at the same instants.
  #10100 3.280 25 packets towards the callee missing for 0.50 s from 00:00:03.300 on
  #20100 3.290 25 packets towards the caller missing for 0.50 s from 00:00:03.310 on
  streams 0 1
)");
}

TEST(CaptureHoles, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100).lose(25).send(100);
  scene.talk(1.31, Party::callee).send(200);
  EXPECT_EQ(scene.judge(capture_holes()), R"(
pass: The two directions never miss packets together.
)");
}

TEST(CaptureHoles, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100).lose(25).send(100);
  EXPECT_EQ(scene.judge(capture_holes()), R"(
not_applicable: No RTP of both directions was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
