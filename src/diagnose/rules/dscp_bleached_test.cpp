// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

TEST(DscpBleached, NoteOfADirection) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100);
  rtp::test::Talk& bare = scene.talk(1.3, Party::callee);
  bare.dscp = 0;
  bare.send(100);
  EXPECT_EQ(scene.judge(dscp_bleached()), R"(
fail configuration note 0.60: Media is marked one way and arrives without a mark the other way: either its sender does not mark it, or the mark was taken away before here.
  behaviour D10
  #20001 1.300 198.51.100.20:6000 to 192.0.2.10:4000: DSCP 0
  #10001 1.300 192.0.2.10:4000 to 198.51.100.20:6000: DSCP 46
  streams 1 0
)");
}

TEST(DscpBleached, NoteOfAChange) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  talk.send(100).dscp = 0;
  talk.send(100);
  EXPECT_EQ(scene.judge(dscp_bleached()), R"(
fail configuration note 0.60: The mark of a stream changed 1 time on its way: only some of its packets have priority.
  behaviour D10
  #10001 1.300 192.0.2.10:4000 to 198.51.100.20:6000: marked at times
  streams 0
)");
}

TEST(DscpBleached, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  for (const Party speaker : {Party::caller, Party::callee}) {
    rtp::test::Talk& talk = scene.talk(1.3, speaker);
    talk.dscp = 0;
    talk.send(100);
  }
  EXPECT_EQ(scene.judge(dscp_bleached()), R"(
pass: Media is marked the same way in both directions.
)");
}

TEST(DscpBleached, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100);
  EXPECT_EQ(scene.judge(dscp_bleached()), R"(
not_applicable: No RTP of both directions was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
