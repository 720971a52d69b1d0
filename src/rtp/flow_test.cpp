// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/flow.hpp"

#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::rtp::test {
namespace {

using namespace std::chrono_literals;

std::string successions_of(const Flow& flow) {
  std::string text;
  for (const Succession& next : flow.successions())
    text += std::to_string(next.from) + ">" + std::to_string(next.to) + " " + text_of(next.gap) + "\n";
  return text;
}

TEST(Flow, OfOneStreamHasNoSuccession) {
  EXPECT_EQ(successions_of(Talk().send(50).flow), "");
}

TEST(Flow, SeesAnotherSsrcAsReAnchoring) {
  Talk talk;
  talk.send(50).stall(300ms).ssrc = 0xbeef;
  EXPECT_EQ(successions_of(talk.send(50).flow), "0>1 R 1005+300 missing 0 in 0\n");
}

TEST(Flow, SeesTheSameSsrcFromAnotherPortAsRebinding) {
  Talk talk;
  talk.send(50).lose(100).source.port = 4711;
  EXPECT_EQ(successions_of(talk.send(50).flow), "0>1 X 1005+2000 missing 100 in 1\n");
}

TEST(Flow, MeasuresNoRebindingByATimeStampOfAnotherTimeBase) {
  Talk talk;
  talk.send(50).lose(100).source.port = 4711;
  talk.timestamp += 8000 * 3600;
  EXPECT_EQ(successions_of(talk.send(50).flow), "0>1 X 1005+2000 missing 100 in 1\n");
}

TEST(Flow, SeesTheSameSsrcToAnotherAddressAsReAnchoring) {
  Talk talk;
  talk.send(50).destination = endpoint("198.51.100.3:6000");
  EXPECT_EQ(successions_of(talk.send(50).flow), "0>1 R 1005+0 missing 0 in 0\n");
}

TEST(Flow, LeavesStreamsSideBySideAlone) {
  Talk talk;
  for (int i = 0; i < 50; ++i) {
    talk.ssrc = 0xcafe;
    talk.send(1);
    talk.ssrc = 0xbeef;
    talk.arrive(talk.sequence, talk.timestamp, talk.clock + 7ms);
  }
  EXPECT_EQ(talk.flow.streams().size(), 2U);
  EXPECT_EQ(successions_of(talk.flow), "");
}

TEST(Flow, FollowsAChainOfSources) {
  Talk talk;
  for (const std::uint32_t ssrc : {1U, 2U, 3U}) {
    talk.ssrc = ssrc;
    talk.send(50);
  }
  EXPECT_EQ(successions_of(talk.flow), "0>1 R 1005+0 missing 0 in 0\n1>2 R 2005+0 missing 0 in 0\n");
}

TEST(Flow, GivesTheRoomOfStreamsOnProbationToNewOnes) {
  Talk talk;
  talk.send(50);
  for (std::uint32_t ssrc = 1; ssrc <= 200; ++ssrc) {
    talk.ssrc = ssrc;
    talk.send(1);
  }
  EXPECT_EQ(talk.flow.streams().size(), Flow::kMostStreams);
  EXPECT_EQ(talk.flow.streams().front().packets(), 50U);
  EXPECT_EQ(talk.flow.not_followed(), 200U - (Flow::kMostStreams - 1));
}

TEST(Flow, HasNoRoomPastItsLimitOfCertainStreams) {
  Talk talk;
  for (std::uint32_t ssrc = 1; ssrc <= Flow::kMostStreams + 1; ++ssrc) {
    talk.ssrc = ssrc;
    talk.send(2);
  }
  EXPECT_EQ(talk.flow.streams().size(), Flow::kMostStreams);
  EXPECT_EQ(talk.flow.not_followed(), 2U);
}

}  // namespace
}  // namespace viaduct::rtp::test
