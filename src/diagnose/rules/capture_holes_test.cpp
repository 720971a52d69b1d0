// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

/// Both directions of a call miss the same half second.
void hole(Scene& scene) {
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100).lose(25).send(100);
  scene.talk(1.31, Party::callee).send(100).lose(25).send(100);
}

/// A link may have failed where it was captured, at one end of it.
TEST(CaptureHoles, InconclusiveNoteOfOneConversation) {
  Scene scene;
  hole(scene);
  EXPECT_EQ(scene.judge(capture_holes()), R"(
inconclusive none note 0.00: Packets of both directions are missing at the same instants, and no other flow tells whether the capture missed them.
  #10100 3.280 25 packets towards the callee missing for 0.50 s from 00:00:03.300 on
  #20100 3.290 25 packets towards the caller missing for 0.50 s from 00:00:03.310 on
  streams 0 1
)");
}

TEST(CaptureHoles, InconclusiveWhereUnrelatedConversationsMissTheSame) {
  Scene scene;
  hole(scene);
  scene.holes = {{rtp::MarkKind::capture_hole, call::at(3.3), milliseconds(500)}};
  EXPECT_EQ(scene.judge(capture_holes()), R"(
inconclusive none minor 0.00: The capture missed packets: those of unrelated conversations are missing at the same instants. Nothing can be said of the call at these times.
  #10100 3.280 25 packets towards the callee missing for 0.50 s from 00:00:03.300 on
  #20100 3.290 25 packets towards the caller missing for 0.50 s from 00:00:03.310 on
  streams 0 1
)");
}

TEST(CaptureHoles, PassWhereAnotherFlowCameThrough) {
  Scene scene;
  hole(scene);
  scene.holes = {{rtp::MarkKind::capture_hole, call::at(3.3), milliseconds(500)},
                 {rtp::MarkKind::capture_whole, call::at(3.3), milliseconds(500)}};
  EXPECT_EQ(scene.judge(capture_holes()), R"(
pass: Nothing speaks for packets that the capture missed.
)");
}

TEST(CaptureHoles, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  scene.talk(1.3, Party::caller).send(100).lose(25).send(100);
  scene.talk(1.31, Party::callee).send(200);
  EXPECT_EQ(scene.judge(capture_holes()), R"(
pass: Nothing speaks for packets that the capture missed.
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
