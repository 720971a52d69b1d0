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
  EXPECT_EQ(scene.judge(sender_stall()), R"(
fail endpoint major 0.90: 6 times that the sender itself stopped or began anew, for 0.90 s at most.
  #0 - call at 00:00:01 alone, 6 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 0.3 at 45.3 s: by chance 1.0
  #0 - clock: not to be told from one call, which keeps to all of them
  #10500 11.280 media towards the caller stops for 0.90 s from 00:00:11.300 on (P, the sender stalled)
  #11000 22.180 media towards the caller stops for 0.90 s from 00:00:22.200 on (P, the sender stalled)
  #11500 33.080 media towards the caller stops for 0.90 s from 00:00:33.100 on (P, the sender stalled)
  #12000 43.980 media towards the caller stops for 0.90 s from 00:00:44.000 on (P, the sender stalled)
  calls 0
  streams 0
  raster Drop-outs, each call from its own begin, every 10.900 s
    call at 00:00:01: 6, phase 10.000
)");
}

TEST(SenderStall, Pass) {
  Scene scene;
  call(scene, 0);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
pass: There were no times that the sender itself stopped or began anew.
)");
}

TEST(SenderStall, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
not_applicable: No RTP of a call was captured.
)");
}

TEST(SenderStall, InconclusiveOfTwice) {
  Scene scene;
  call(scene, 2);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
inconclusive endpoint note 0.30: 2 times that the sender itself stopped or began anew: too few to name a cause; capture longer calls, six of one call or four in each of three are enough.
  #10500 11.280 media towards the caller stops for 0.90 s from 00:00:11.300 on (P, the sender stalled)
  #11000 22.180 media towards the caller stops for 0.90 s from 00:00:22.200 on (P, the sender stalled)
  calls 0
  streams 0
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
