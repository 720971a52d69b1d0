// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using test::Scene;

TEST(CaptureIncomplete, Note) {
  Scene scene;
  scene.captures = {{.input = 0, .frames = 5000},
                    {.input = 1, .frames = 9000, .dropped = 17, .cut = 1, .broken = true}};
  EXPECT_EQ(scene.judge(capture_incomplete()), R"(
fail none note 1.00: The capture lost frames itself: losses in it may be its own.
  #0 - 17 frames were lost before they came into the file, 1 packet was captured in part, the file ends in the middle of a frame, of 9000 frames
)");
}

TEST(CaptureIncomplete, ClockThatJumped) {
  Scene scene;
  scene.captures = {{.input = 0, .frames = 5000, .strays = 1, .clock_set = 2}};
  EXPECT_EQ(scene.judge(capture_incomplete()), R"(
fail none note 1.00: The clock of the capture jumped: times behind a jump may not be those of the frames.
  #0 - 1 frame has a time far from those around it, 2 times its clock was set, of 5000 frames
)");
}

TEST(CaptureIncomplete, Pass) {
  Scene scene;
  scene.captures = {{.input = 0, .frames = 5000}};
  EXPECT_EQ(scene.judge(capture_incomplete()), R"(
pass: The capture tells of no loss of its own.
)");
}

TEST(CaptureIncomplete, NotApplicable) {
  Scene scene;
  EXPECT_EQ(scene.judge(capture_incomplete()), R"(
not_applicable: Nothing was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
