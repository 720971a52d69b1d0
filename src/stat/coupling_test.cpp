// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/coupling.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace viaduct::stat {
namespace {

const std::vector<double> kRefreshes = {0, 30, 60, 90, 120, 150, 180, 210, 240, 270};

TEST(Coupling, SevenOfEightAfterARefresh) {
  const std::vector<double> onsets = {1, 31.5, 92, 121, 150.5, 182.9, 200, 272};
  const CoupledTrain call{{onsets, 0, 300}, kRefreshes};
  const Coupling found = coupling({&call, 1}, 3);
  EXPECT_EQ(found.onsets, 8U);
  EXPECT_EQ(found.inside, 7U);
  EXPECT_NEAR(found.covered, 0.1, 1e-12);
  EXPECT_NEAR(found.p / 7.3e-7, 1, 1e-6);
}

TEST(Coupling, TwoClocksOfOnePeriodMeetByChance) {
  const std::vector<double> onsets = {1, 31, 61, 91, 121, 151, 181, 211};
  const CoupledTrain call{{onsets, 0, 300}, kRefreshes};
  const Coupling one = coupling({&call, 1}, 3);
  EXPECT_LT(one.p, 1e-7) << "as if the onsets were independent";
  EXPECT_NEAR(one.p_shifted, 0.1, 0.02);
  const std::array calls = {call, call, call, call};
  EXPECT_LT(coupling(calls, 3).p_shifted, 0.002) << "four calls do not meet by chance";
}

TEST(Coupling, ChanceIsNoCoupling) {
  const std::vector<double> onsets = {17, 44, 62, 139, 195, 254};
  const CoupledTrain call{{onsets, 0, 300}, kRefreshes};
  const Coupling found = coupling({&call, 1}, 3);
  EXPECT_EQ(found.inside, 1U);
  EXPECT_NEAR(found.p, 0.468559, 1e-6);
  EXPECT_GT(found.p_shifted, 0.1);
}

TEST(Coupling, WindowsThatOverlapOrReachOutCoverOnce) {
  const std::vector<double> events = {-1, 10, 12, 98};
  const std::vector<double> onsets = {1, 14.9, 15.1};
  const CoupledTrain call{{onsets, 0, 100}, events};
  const Coupling found = coupling({&call, 1}, 3);
  EXPECT_NEAR(found.covered, (2 + 5 + 2) / 100.0, 1e-12);
  EXPECT_EQ(found.inside, 2U);
}

TEST(Coupling, WithoutOnsetsOrEventsThereIsNone) {
  EXPECT_EQ(coupling({}, 3).p, 1);
  const std::vector<double> onsets = {10};
  const CoupledTrain call{{onsets, 0, 100}, {}};
  const Coupling found = coupling({&call, 1}, 3);
  EXPECT_EQ(found.covered, 0);
  EXPECT_EQ(found.p, 1);
  EXPECT_EQ(found.p_shifted, 1);
}

}  // namespace
}  // namespace viaduct::stat
