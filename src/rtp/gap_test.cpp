// SPDX-License-Identifier: GPL-2.0-or-later
// What happens on the path, and the class of the gap that it makes.
#include "rtp/gap.hpp"

#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::rtp::test {
namespace {

using namespace std::chrono_literals;

TEST(Gap, LIsAHardHoleInAFlatStream) {
  EXPECT_EQ(gaps_of(Talk().send(100).lose(25).send(100).report()), "L 2005+500 missing 25 in 1\n");
}

TEST(Gap, LIsStillALWithAStrayLossBesideIt) {
  EXPECT_EQ(gaps_of(Talk().send(100).lose(25).send(5).lose(4).send(100).report()), "L 2005+680 missing 29 in 2\n");
}

TEST(Gap, QIsLossInAQueueThatGrew) {
  Talk talk;
  talk.send(500).queue(25, 4ms);
  for (int i = 0; i < 4; ++i) talk.lose(5).send(3);
  EXPECT_EQ(gaps_of(talk.queue(25, -4ms).send(500).report()), "Q 1.06e+04+580 missing 20 in 4\n");
}

TEST(Gap, HIsReleasedInABurst) {
  EXPECT_EQ(gaps_of(Talk().send(100).hold(25).send(100).report()), "H 2005+480 missing 0 in 0\n");
}

TEST(Gap, HMayDrainSlowlyThroughABottleneck) {
  Talk talk;
  talk.send(100).delay += 400ms;
  EXPECT_EQ(gaps_of(talk.queue(40, -10ms).send(100).report()), "H 2005+390 missing 0 in 0\n");
}

TEST(Gap, SIsAPauseThatTheSenderAnnounces) {
  const Report report = Talk().send(100).pause(3000ms).send(100).report();
  EXPECT_EQ(gaps_of(report), "S 2005+3000 missing 0 in 0\n");
  EXPECT_TRUE(report.gaps[0].marker);
}

TEST(Gap, SStandsAloneBesideAnotherGap) {
  EXPECT_EQ(gaps_of(Talk().send(100).pause(300ms).send(10).lose(20).send(100).report()),
            "S 2005+300 missing 0 in 0\n"
            "L 2505+400 missing 20 in 1\n");
}

TEST(Gap, PIsAStallOfSenderAndClock) {
  EXPECT_EQ(gaps_of(Talk().send(100).stall(700ms).send(100).report()), "P 2005+700 missing 0 in 0\n");
}

TEST(Gap, SIsWhatSdpHasStoppedWhateverTheClockDid) {
  const Report report = Talk().send(100).stall(7000ms).send(100).report();
  const std::array marks{Mark{MarkKind::inactive, kStart + 2s, 6s}};
  EXPECT_EQ(text_of(report.gaps.at(0), marks), "S 2005+7000 missing 0 in 0");
}

TEST(Gap, RIsANewBeginningOfTheSameSource) {
  Talk talk;
  talk.send(100).stall(400ms).sequence = 30000;
  talk.timestamp = 7;
  // The second packet after it makes it certain, and ends the gap.
  EXPECT_EQ(gaps_of(talk.send(100).report()), "R 2005+420 missing 0 in 0\n");
}

TEST(Gap, RIsATimeStampOfAnotherTimeBase) {
  Talk talk;
  talk.send(100).stall(400ms).timestamp += 8000 * 60;
  EXPECT_EQ(gaps_of(talk.send(100).report()), "R 2005+400 missing 0 in 0\n");
}

TEST(Gap, CIsWhateverHappensWhileTheCaptureStops) {
  const Report report = Talk().send(100).lose(25).send(100).report();
  const std::array during{Mark{MarkKind::capture_hole, kStart + 2400ms, 50ms}};
  EXPECT_EQ(text_of(report.gaps.at(0), during), "C 2005+500 missing 25 in 1");
  const std::array after{Mark{MarkKind::capture_hole, kStart + 2506ms, 50ms}};
  EXPECT_EQ(text_of(report.gaps.at(0), after), "L 2005+500 missing 25 in 1");
}

TEST(Gap, CIsNothingWhereAnotherFlowCameThrough) {
  const Report report = Talk().send(100).lose(25).send(100).report();
  const std::array marks{Mark{MarkKind::capture_hole, kStart + 2400ms, 50ms},
                         Mark{MarkKind::capture_whole, kStart + 2400ms, 50ms}};
  EXPECT_EQ(text_of(report.gaps.at(0), marks), "L 2005+500 missing 25 in 1");
}

TEST(Gap, SIsWhatSdpHasStoppedThoughNumbersRunOn) {
  const Report report = Talk().send(100).lose(500).send(100).report();
  const auto at = [&](MarkKind kind, base::Duration from, base::Duration length) {
    const std::array marks{Mark{kind, kStart + from, length}};
    return text_of(report.gaps.at(0), marks).front();
  };
  EXPECT_EQ(at(MarkKind::inactive, 3s, 9s), 'S');
  EXPECT_EQ(at(MarkKind::inactive, 0s, 60s), 'S');
  EXPECT_EQ(at(MarkKind::inactive, 2s, 5s), 'L') << "it was to come again";
  EXPECT_EQ(at(MarkKind::held, 3s, 9s), 'S');
  EXPECT_EQ(at(MarkKind::held, 0s, 60s), 'L') << "music was due, and heard before and after";
}

TEST(Gap, SIsAPauseWithAMarkerWhateverTheClockDid) {
  Talk talk;
  talk.send(100).stall(700ms).marker = true;
  EXPECT_EQ(gaps_of(talk.send(100).report()), "S 2005+700 missing 0 in 0\n");
}

TEST(Gap, OfScatteredLossesWithoutAQueueIsUnclear) {
  Talk talk;
  talk.send(500);
  for (int i = 0; i < 4; ++i) talk.lose(5).send(3);
  EXPECT_EQ(gaps_of(talk.send(500).report()), "- 1e+04+580 missing 20 in 4\n");
}

TEST(Gap, OfAHoleBehindARisenQueueIsUnclear) {
  Talk talk;
  talk.send(500).queue(25, 4ms).lose(50).delay -= 100ms;
  EXPECT_EQ(gaps_of(talk.send(500).report()), "- 1.06e+04+1000 missing 50 in 1\n");
}

TEST(Gap, IsNothingThatConcealmentHidesNorAnythingUnder200Ms) {
  EXPECT_EQ(gaps_of(Talk().send(100).lose(2).send(100).lose(9).send(100).report()), "");
}

TEST(Gap, IsOneWithAllThatBreaksWithinASecond) {
  EXPECT_EQ(gaps_of(Talk().send(100).lose(5).send(20).lose(5).send(20).lose(5).send(100).report()),
            "- 2005+1100 missing 15 in 3\n");
}

/// Half of all packets in runs of 100 ms: no gap of 20 s, and no more silence than there was.
TEST(Gap, IsNotTheWholeOfAStreamThatLosesHalf) {
  Talk talk;
  talk.send(100);
  for (int i = 0; i < 99; ++i) talk.lose(5).send(5);
  const Report report = talk.send(100).report();
  base::Duration silent{};
  for (const Gap& gap : report.gaps) {
    EXPECT_LE(gap.heard(), 1s);
    silent += gap.silent;
  }
  EXPECT_EQ(report.gaps.size(), 9U);
  EXPECT_EQ(silent, 9900ms);
}

TEST(Gap, LosesWhatComesLate) {
  Talk talk;
  talk.send(100).lose(25).send(1);
  for (std::uint16_t i = 0; i < 5; ++i)
    talk.arrive(static_cast<std::uint16_t>(1110 + i), 16000U + (110U + i) * 160, 2526ms);
  EXPECT_EQ(gaps_of(talk.send(100).report()), "L 2005+500 missing 20 in 1\n");
}

TEST(Gap, HasItsMeasuresBesideIt) {
  const Report report = Talk().send(100).lose(25).send(100).report();
  const Gap& gap = report.gaps.at(0);
  EXPECT_EQ(gap.onset, kStart + 2005ms);
  EXPECT_EQ(gap.arrival_gap, 520ms);
  EXPECT_EQ(gap.media_gap, 520ms);
  EXPECT_EQ(gap.silent, 500ms);
  EXPECT_EQ(gap.ptime, 20ms);
  EXPECT_EQ(gap.rise_limit, 20ms);
  ASSERT_TRUE(gap.rise && gap.shift);
  EXPECT_LT(std::chrono::abs(*gap.rise), 1ms);
  EXPECT_LT(std::chrono::abs(*gap.shift), 1ms);
  EXPECT_EQ(gap.frame_before, 100U);
  EXPECT_EQ(gap.frame_after, 101U);
}

TEST(Gap, StaysApartWhereTheClockOfTheCaptureIsSetBack) {
  Talk talk;
  talk.send(100).lose(25).send(100).clock -= 30s;
  EXPECT_EQ(gaps_of(talk.send(50).lose(25).send(100).report()),
            "L -2.45e+04+500 missing 25 in 1\n"
            "L 2005+500 missing 25 in 1\n");
}

TEST(Gap, FindsTheNearestMarkOfAKind) {
  const Gap gap{.onset = kStart + 10s, .length = 2s};
  const std::array marks{Mark{MarkKind::sdp_change, kStart + 5s, {}}, Mark{MarkKind::sdp_change, kStart + 9s, {}},
                         Mark{MarkKind::inactive, kStart + 11s, {}}};
  EXPECT_EQ(mark_near(gap, marks, MarkKind::sdp_change, 3s), &marks[1]);
  EXPECT_EQ(mark_near(gap, marks, MarkKind::sdp_change, 500ms), nullptr);
  EXPECT_EQ(mark_near(gap, marks, MarkKind::inactive, 0s), &marks[2]);
}

}  // namespace
}  // namespace viaduct::rtp::test
