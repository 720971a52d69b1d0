// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/media_index.hpp"

#include "call/messages_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::call {
namespace {

TEST(MediaIndex, TellsCallsThatUseOnePortOneAfterAnotherApart) {
  Heard heard;
  heard.set_up(0, "c1");
  heard.hang_up(10, "c1");
  heard.set_up(12, "c2");
  const MediaIndex& index = heard.signalling.media();
  EXPECT_EQ(index.uses(0, endpoint(20, 5000)).size(), 2U);
  ASSERT_NE(index.find(0, endpoint(20, 5000), at(5)), nullptr);
  EXPECT_EQ(index.find(0, endpoint(20, 5000), at(5))->call, 1U);
  EXPECT_EQ(index.find(0, endpoint(20, 5000), at(13))->call, 2U);
  EXPECT_EQ(index.find(0, endpoint(20, 5000), at(12.05))->call, 2U) << "the later one, of two that nearly hold";
}

TEST(MediaIndex, KeepsPointsApart) {
  Heard heard;
  heard.add(0, text_of({.media = 4000}), true, 1);
  EXPECT_EQ(heard.signalling.media().find(0, endpoint(10, 4000), at(1)), nullptr);
  ASSERT_NE(heard.signalling.media().find(1, endpoint(10, 4000), at(1)), nullptr);
  EXPECT_EQ(heard.signalling.media().find(1, endpoint(10, 4000), at(1))->agreement, Agreement::offered);
}

TEST(MediaIndex, ForgetsWhatEndedFirstWhenThereIsNoRoom) {
  CallLimits limits;
  limits.media_uses = 8;  // RTP and RTCP of both parties of two calls
  Heard heard(limits);
  heard.set_up(0, "ended", 4000, 5000);
  heard.hang_up(1, "ended");
  heard.set_up(2, "live", 4100, 5100);
  EXPECT_EQ(heard.signalling.media().dropped(), 0U);
  heard.set_up(3, "more", 4200, 5200);
  EXPECT_EQ(heard.signalling.media().size(), 8U);
  EXPECT_EQ(heard.signalling.media().dropped(), 4U);
  EXPECT_EQ(heard.signalling.media().find(0, endpoint(10, 4000), at(0.5)), nullptr);
  EXPECT_NE(heard.signalling.media().find(0, endpoint(10, 4100), at(4)), nullptr);
  EXPECT_NE(heard.signalling.media().find(0, endpoint(10, 4200), at(4)), nullptr);
  heard.set_up(5, "too many", 4300, 5300);
  EXPECT_EQ(heard.signalling.media().size(), 8U);
  EXPECT_EQ(heard.signalling.media().dropped(), 10U) << "the caller's were tried twice: offered, then agreed";
  EXPECT_EQ(heard.signalling.media().find(0, endpoint(10, 4300), at(6)), nullptr) << "live uses are not driven out";
}

TEST(MediaIndex, ForgetsWhatEndedLongAgo) {
  Heard heard;
  heard.set_up(0, "ended", 4000, 5000);
  heard.hang_up(1, "ended");
  heard.set_up(2, "live", 4100, 5100);
  const MediaIndex& index = heard.signalling.media();
  heard.signalling.advance(at(60));
  EXPECT_EQ(index.size(), 8U) << "its packets may still come, or come late";
  const std::uint64_t generation = index.generation();
  for (int i = 70; i <= 200; i += 10) heard.signalling.advance(at(i));
  EXPECT_EQ(index.size(), 4U);
  EXPECT_NE(index.generation(), generation);
  EXPECT_EQ(index.dropped(), 0U);
  EXPECT_EQ(index.find(0, endpoint(10, 4000), at(0.5)), nullptr);
  EXPECT_NE(index.find(0, endpoint(10, 4100), at(200)), nullptr);
}

TEST(MediaIndex, BoundsTheUsesOfOneEndpoint) {
  Heard heard;
  for (int i = 0; i < 500; ++i) heard.add(i * 0.01, text_of({.call_id = "c" + std::to_string(i), .media = 4000}));
  EXPECT_LE(heard.signalling.media().uses(0, endpoint(10, 4000)).size(), 32U);
  EXPECT_EQ(heard.signalling.media().find(0, endpoint(10, 4000), at(5))->call, 500U);
}

TEST(MediaIndex, RemembersNoMoreEndsThanUses) {
  Heard heard;
  for (int i = 0; i < 2000; ++i) {
    heard.set_up(i, "c" + std::to_string(i));
    heard.hang_up(i + 0.5, "c" + std::to_string(i));
  }
  EXPECT_EQ(heard.signalling.media().size(), 128U);
  EXPECT_LE(heard.signalling.media().ended(), 128U) << "it was one more for each call";
}

}  // namespace
}  // namespace viaduct::call
