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
fail unknown major 0.80: 4 calls ended 60.0 s to 60.3 s after the answer, all by BYE of 198.51.100.20, and none lasted longer: by chance 0.000056.
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
  int number = 0;
  for (const double length : {60.0, 60.0, 60.0}) call(scene, ++number, length, Party::callee);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
not_applicable: Fewer than five calls were answered and hung up.
)");
}

TEST(SameCallLength, InconclusiveWhereAMachineMayHaveMadeTheCalls) {
  Scene scene;
  for (int number = 1; number <= 6; ++number) call(scene, number, 60, Party::caller);
  EXPECT_EQ(scene.judge(same_call_length()), R"(
inconclusive none note 0.00: 6 calls ended 60.0 s to 60.0 s after the answer, and none lasted longer: a timer, or a machine that makes calls.
  #11 2060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #5 1060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #17 3060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #23 4060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #29 5060.200 BYE 60.0 s after the answer, from 192.0.2.10
  #35 6060.200 BYE 60.0 s after the answer, from 192.0.2.10
  calls 1 0 2 3 4 5
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
