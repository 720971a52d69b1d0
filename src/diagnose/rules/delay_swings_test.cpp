// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

/// A queue that fills within ten seconds and drains within ten more, each time by so much for a packet.
std::string ramps(int times, milliseconds step) {
  Scene scene;
  scene.set_up(1).hang_up(200);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < times; ++i) talk.send(100).queue(500, step).queue(500, -step);
  talk.send(100);
  return scene.judge(delay_swings());
}

TEST(DelaySwings, Inconclusive) {
  EXPECT_EQ(ramps(4, milliseconds(1)), R"(
inconclusive unknown major 0.00: Delay towards the caller rose by 200 ms and more and fell again 4 times, by 0.50 s at most. What comes so late may not have been played: nothing here tells.
  #10001 1.300 of this stream half of the packets came 0.22 s, one in a hundred 0.49 s or more after the fastest
  streams 0
)");
}

TEST(DelaySwings, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  scene.both_talk(1.3, 1000, 1000);
  EXPECT_EQ(scene.judge(delay_swings()), R"(
pass: Delay did not rise and fall by 200 ms time and again.
)");
  EXPECT_EQ(ramps(2, milliseconds(1)).substr(0, 5), "\npass") << "twice";
}

/// The clock of the sender stands still each time: the network delays nothing.
TEST(DelaySwings, PassWhereDelayRisesAndStays) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 6; ++i) talk.send(300).stall(milliseconds(400));
  EXPECT_EQ(scene.judge(delay_swings()).substr(0, 5), "\npass");
}

/// Which is told already.
TEST(DelaySwings, PassWherePacketsAreHeld) {
  Scene scene;
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 6; ++i) talk.send(500).hold(40);
  EXPECT_EQ(scene.judge(delay_swings()).substr(0, 5), "\npass");
}

TEST(DelaySwings, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(delay_swings()), R"(
not_applicable: No RTP with time stamps was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
