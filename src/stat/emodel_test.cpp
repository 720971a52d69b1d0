// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/emodel.hpp"

#include <gtest/gtest.h>

namespace viaduct::stat {
namespace {

double mos(CodecImpairment codec, StreamLoss loss, double delay) {
  return mean_opinion_score(transmission_rating(codec, loss, delay));
}

TEST(EModel, IsNearlyBlindToTwoSecondsOfSilenceEachHalfMinute) {
  const double share = 2.0 / 30;
  EXPECT_NEAR(mos(kG711Concealed, {share, 1 / (1 - share)}, 0), 3.75, 0.005);
  EXPECT_NEAR(mos(kG711Concealed, {share, 100}, 0), 3.50, 0.005);
}

TEST(EModel, KnowsCodecDelayAndLimits) {
  EXPECT_DOUBLE_EQ(transmission_rating(kG711Plain, {}, 0), 93.2);
  EXPECT_NEAR(transmission_rating(kG729a, {}, 0.2), 93.2 - 11 - 4.8 - 2.497, 1e-9);
  EXPECT_NEAR(transmission_rating(kG711Plain, {0.043, 0}, 0), 93.2 - 47.5, 1e-9);
  EXPECT_NEAR(mean_opinion_score(93.2), 4.4093, 1e-4);
  EXPECT_EQ(mean_opinion_score(-20), 1);
  EXPECT_EQ(mean_opinion_score(2), 1) << "the cubic alone says 0.99";
  EXPECT_EQ(mean_opinion_score(130), 4.5);
}

}  // namespace
}  // namespace viaduct::stat
