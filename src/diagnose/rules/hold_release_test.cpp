// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

void call(Scene& scene, int holds) {
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < holds; ++i) talk.send(500).hold(40);
  talk.send(500);
}

TEST(HoldRelease, Fail) {
  Scene scene;
  call(scene, 6);
  EXPECT_EQ(scene.judge(hold_release()), R"(
fail jitter major 0.90: 6 times that packets were held and then came together, for 0.78 s at most.
  #0 - call at 00:00:01 alone, 6 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 0.3 at 44.8 s: by chance 1.0
  #0 - clock: not to be told from one call, which keeps to all of them
  #10500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #11040 22.080 media towards the caller stops for 0.78 s from 00:00:22.100 on (H, held and released)
  #11580 32.880 media towards the caller stops for 0.78 s from 00:00:32.900 on (H, held and released)
  #12120 43.680 media towards the caller stops for 0.78 s from 00:00:43.700 on (H, held and released)
  calls 0
  streams 0
  raster Drop-outs, each call from its own begin, every 10.800 s
    call at 00:00:01: 6, phase 10.000
)");
}

TEST(HoldRelease, Pass) {
  Scene scene;
  call(scene, 0);
  EXPECT_EQ(scene.judge(hold_release()), R"(
pass: There were no times that packets were held and then came together.
)");
}

TEST(HoldRelease, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(hold_release()), R"(
not_applicable: No RTP of a call was captured.
)");
}

TEST(HoldRelease, InconclusiveOfTwice) {
  Scene scene;
  call(scene, 2);
  EXPECT_EQ(scene.judge(hold_release()), R"(
inconclusive jitter note 0.30: 2 times that packets were held and then came together: too few to name a cause; capture longer calls, six of one call or four in each of three are enough.
  #10500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #11040 22.080 media towards the caller stops for 0.78 s from 00:00:22.100 on (H, held and released)
  calls 0
  streams 0
)");
}

/// All packets come in rows of 25, twice a second.
std::string in_rows(int rows) {
  Scene scene;
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  talk.send(100);
  for (int i = 0; i < rows; ++i) talk.hold(25);
  return scene.judge(hold_release());
}

TEST(HoldRelease, FailWhereItGoesOnAllTheTime) {
  EXPECT_EQ(in_rows(120).substr(0, 80),
            "\nfail jitter minor 0.90: 120 times that packets were held and then came together");
}

TEST(HoldRelease, InconclusiveWhereItAllHappensWithinSeconds) {
  EXPECT_EQ(in_rows(8).substr(0, 126),
            "\ninconclusive jitter note 0.30: 8 times that packets were held and then came together, on 1 occasion: "
            "too few to name a cause;");
}

/// Two calls of four hosts, of which all packets are held at the same instants, six times.
TEST(HoldRelease, InconclusiveWhereFlowsOfOtherHostsStandStill) {
  Scene scene;
  for (const char* const id : {"a", "b"}) {
    scene.another(id).set_up(1).hang_up(100);
    for (const Party speaker : {Party::caller, Party::callee}) {
      rtp::test::Talk& talk = scene.talk(1.3, speaker);
      for (int i = 0; i < 6; ++i) talk.send(500).hold(40);
      talk.send(500);
    }
    scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
    scene.callee.sip = scene.callee.contact = "203.0.113.200:5060";
  }
  EXPECT_EQ(scene.judge(hold_release()), R"(
inconclusive jitter note 0.30: 12 times that packets were held and then came together, on 6 occasions: both directions, or flows that have no phone in common, were held and came at the same instants, so what captured them stood still, or what they share, and no radio behind it.
  #10500 11.280 media towards the callee stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #20500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #11040 22.080 media towards the callee stops for 0.78 s from 00:00:22.100 on (H, held and released)
  #21040 22.080 media towards the caller stops for 0.78 s from 00:00:22.100 on (H, held and released)
  calls 0
  streams 0 1
inconclusive jitter note 0.30: 12 times that packets were held and then came together, on 6 occasions: both directions, or flows that have no phone in common, were held and came at the same instants, so what captured them stood still, or what they share, and no radio behind it.
  #30500 11.280 media towards the callee stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #40500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #31040 22.080 media towards the callee stops for 0.78 s from 00:00:22.100 on (H, held and released)
  #41040 22.080 media towards the caller stops for 0.78 s from 00:00:22.100 on (H, held and released)
  calls 1
  streams 2 3
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
