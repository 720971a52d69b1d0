// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

void call(Scene& scene, int number, double length, Party by) {
  const double at = 1000.0 * number;
  scene.another("call-" + std::to_string(number)).set_up(at).hang_up(at + 0.2 + length, by);
}

TEST(SameCallLength, FailWhereOneSideCutsAtOneAge) {
  Scene scene;
  int number = 0;
  for (const double length : {12.0, 35.5, 48.0, 21.0}) call(scene, ++number, length, Party::caller);
  for (const double length : {60.1, 60.3, 60.2, 60.0}) call(scene, ++number, length, Party::callee);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
fail unknown major 0.80: 4 calls ended 60.0 s to 60.3 s after the answer, all by BYE of 198.51.100.20, and none lasted longer: by chance 0.000056; there is a timer of 60 s, the limit of RTP inactivity and of half-open sessions in many devices.
  #47 8060.200 BYE 60.0 s after the answer, from 198.51.100.20
  #29 5060.300 BYE 60.1 s after the answer, from 198.51.100.20
  #41 7060.400 BYE 60.2 s after the answer, from 198.51.100.20
  #35 6060.500 BYE 60.3 s after the answer, from 198.51.100.20
  calls 7 4 6 5
)");
}

TEST(SameCallLength, Pass) {
  Scene scene;
  int number = 0;
  for (const double length : {12.0, 35.5, 48.0, 60.0, 60.3, 190.0, 77.0}) call(scene, ++number, length, Party::callee);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
pass: The longest calls end at different ages.
)");
}

TEST(SameCallLength, NotApplicable) {
  Scene scene;
  for (int number = 1; number <= 2; ++number) call(scene, number, 60, Party::callee);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
not_applicable: Fewer than three calls were answered and hung up.
)");
}

TEST(SameCallLength, InconclusiveAtTheAgeOfATimer) {
  Scene scene;
  for (int number = 1; number <= 3; ++number) call(scene, number, 32, Party::callee);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
inconclusive unknown major 0.00: 3 calls ended 32.0 s to 32.0 s after the answer, all by BYE of 198.51.100.20, and none lasted longer: by chance 0.00056; there is a timer of 32 s, 64*T1 of SIP: an ACK that did not arrive (RFC 3261 13.3.1.4). Machines that play announcements or make calls do that, too.
  #5 1032.200 BYE 32.0 s after the answer, from 198.51.100.20
  #11 2032.200 BYE 32.0 s after the answer, from 198.51.100.20
  #17 3032.200 BYE 32.0 s after the answer, from 198.51.100.20
  calls 0 1 2
)");
}

TEST(SameCallLength, NoteAtAnotherAge) {
  Scene scene;
  for (int number = 1; number <= 4; ++number) call(scene, number, 43.2, Party::callee);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
inconclusive none note 0.00: 4 calls ended 43.2 s to 43.2 s after the answer, all by BYE of 198.51.100.20, and none lasted longer: by chance 0.000005. Machines that play announcements or make calls do that, too.
  #17 3043.400 BYE 43.2 s after the answer, from 198.51.100.20
  #23 4043.400 BYE 43.2 s after the answer, from 198.51.100.20
  #5 1043.400 BYE 43.2 s after the answer, from 198.51.100.20
  #11 2043.400 BYE 43.2 s after the answer, from 198.51.100.20
  calls 2 3 0 1
)");
}

TEST(SameCallLength, NoteWhereBothSidesEndThem) {
  Scene scene;
  for (int number = 1; number <= 4; ++number) call(scene, number, 60, number % 2 == 0 ? Party::callee : Party::caller);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
inconclusive none note 0.00: 4 calls ended 60.0 s to 60.0 s after the answer, and none lasted longer: by chance 0.000002; there is a timer of 60 s, the limit of RTP inactivity and of half-open sessions in many devices. Machines that play announcements or make calls do that, too.
  #11 2060.200 BYE 60.0 s after the answer, from 198.51.100.20
  #5 1060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #17 3060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #23 4060.200 BYE 60.0 s after the answer, from 198.51.100.20
  calls 1 0 2 3
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
