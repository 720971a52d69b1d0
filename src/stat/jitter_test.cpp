// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/jitter.hpp"

#include <gtest/gtest.h>

namespace viaduct::stat {
namespace {

TEST(Jitter, FollowsTheFormulaOfTheStandard) {
  InterarrivalJitter jitter(8000);
  jitter.add(0, 0);
  EXPECT_EQ(jitter.mean(), 0);
  jitter.add(0.036, 160);  // 16 ms late: J = 1 ms
  EXPECT_NEAR(jitter.current(), 0.001, 1e-12);
  jitter.add(0.056, 320);  // D = 0
  EXPECT_NEAR(jitter.current(), 0.0009375, 1e-12);
  EXPECT_NEAR(jitter.highest(), 0.001, 1e-12);
  EXPECT_NEAR(jitter.mean(), 0.00096875, 1e-12);
}

TEST(Jitter, DoesNotSeeAHole) {
  InterarrivalJitter jitter(8000);
  jitter.add(10, 800);
  jitter.add(10.02, 960);
  jitter.add(12.02, 960 + 16000);
  EXPECT_NEAR(jitter.highest(), 0, 1e-12);
}

TEST(Jitter, TakesWrapsAndReorderingAsSmallSteps) {
  InterarrivalJitter jitter(8000);
  jitter.add(0, 0xffffffb0U);
  jitter.add(0.02, 0x00000050U);
  EXPECT_NEAR(jitter.highest(), 0, 1e-12);
  jitter.add(0.02, 0xffffffb0U);  // 20 ms back in media, no time passed
  EXPECT_NEAR(jitter.current(), 0.00125, 1e-12);
}

}  // namespace
}  // namespace viaduct::stat
