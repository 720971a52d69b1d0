// SPDX-License-Identifier: GPL-2.0-or-later
// What happens to a stream, and all that its report says of it.
#include "rtp/stream.hpp"

#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::rtp::test {
namespace {

using namespace std::chrono_literals;

TEST(Stream, OfOneSecondWithoutFault) {
  EXPECT_EQ(text_of(Talk().send(50).report()),
            "packets 50 expected 50 lost 0 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 8x50 dscp 46x50 changes 0 markers 0\n"
            "clock 8000 ptime 20x49 jitter 0 p99 0\n");
}

TEST(Stream, HasTimesFramesAndOctetsOfItsEnds) {
  const Report report = Talk().send(3).report();
  EXPECT_EQ(report.ssrc, 0xcafeU);
  EXPECT_EQ(report.source, endpoint("192.0.2.1:4000"));
  EXPECT_EQ(report.destination, endpoint("198.51.100.2:6000"));
  EXPECT_EQ(report.first, kStart + 5ms);
  EXPECT_EQ(report.last, kStart + 45ms);
  EXPECT_EQ(report.first_frame, 1U);
  EXPECT_EQ(report.last_frame, 3U);
  EXPECT_EQ(report.octets, 480U);
}

TEST(Stream, GoesThroughTheWrapOfNumbersAndTimeStamps) {
  Talk talk;
  talk.sequence = 65530;
  talk.timestamp = 0xffffffff - 1000;
  EXPECT_EQ(text_of(talk.send(10).lose(3).send(10).report()),
            "packets 20 expected 23 lost 3 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 8x20 dscp 46x20 changes 0 markers 0\n"
            "clock 8000 ptime 20x18 jitter 0 p99 0\n"
            "runs 1 longest 3\n");
}

TEST(Stream, OfOnePacketIsOnProbation) {
  EXPECT_EQ(text_of(Talk().send(1).report()),
            "packets 1 expected 1 lost 0 duplicates 0 reordered 0 strays 0 resets 0 probation\n"
            "types 8x1 dscp 46x1 changes 0 markers 0\n"
            "clock 8000 ptime jitter 0 p99 0\n");
}

TEST(Stream, OfNumbersThatNeverFollowEachOtherStaysOnProbation) {
  Talk talk;
  for (int i = 0; i < 20; ++i) talk.send(1).lose(1);
  EXPECT_TRUE(talk.report().probation);
  EXPECT_EQ(talk.report().lost, 19U);
}

TEST(Stream, CountsACopyAsDuplicateAndNothingElse) {
  Talk talk;
  talk.send(10).arrive(1009, 17440, 186ms).send(10);
  EXPECT_EQ(text_of(talk.report()),
            "packets 21 expected 20 lost 0 duplicates 1 reordered 0 strays 0 resets 0\n"
            "types 8x21 dscp 46x21 changes 0 markers 0\n"
            "clock 8000 ptime 20x19 jitter 0 p99 0\n");
}

TEST(Stream, KnowsALatePacketFromALostOne) {
  Talk talk;
  // 1010 and 1011 are overtaken by 1012; 1013 never comes.
  talk.send(10).lose(2).send(1).arrive(1010, 17600, 246ms).arrive(1011, 17760, 247ms).lose(1).send(10);
  const Report report = talk.report();
  EXPECT_EQ(report.packets, 23U);
  EXPECT_EQ(report.expected, 24U);
  EXPECT_EQ(report.lost, 1U);
  EXPECT_EQ(report.reordered, 2U);
  EXPECT_EQ(report.loss_runs, 1U);
  EXPECT_EQ(report.longest_run, 1U);
}

TEST(Stream, BeginsBeforeItsFirstPacketIfThatWasOvertaken) {
  Talk talk;
  talk.lose(1).send(1).arrive(1000, 16000, 26ms).send(5);
  EXPECT_EQ(talk.report().expected, 7U);
  EXPECT_EQ(talk.report().lost, 0U);
  EXPECT_EQ(talk.report().reordered, 1U);
}

TEST(Stream, StartsAgainWhereTwoPacketsAgreeOnOtherNumbers) {
  Talk talk;
  talk.send(50);
  talk.sequence = 40000;
  talk.timestamp = 3000000000;
  EXPECT_EQ(text_of(talk.send(50).report()),
            "packets 100 expected 100 lost 0 duplicates 0 reordered 0 strays 0 resets 1\n"
            "types 8x100 dscp 46x100 changes 0 markers 0\n"
            "clock 8000 ptime 20x97 jitter 0 p99 0\n");
}

TEST(Stream, LeavesOutASinglePacketFromElsewhere) {
  Talk talk;
  talk.send(50).arrive(40000, 3000000000, 1000ms).send(50);
  EXPECT_EQ(text_of(talk.report()),
            "packets 101 expected 100 lost 0 duplicates 0 reordered 0 strays 1 resets 0\n"
            "types 8x101 dscp 46x101 changes 0 markers 0\n"
            "clock 8000 ptime 20x99 jitter 0 p99 0\n");
}

TEST(Stream, TakesAJumpThatTheClockBearsOutForALongHole) {
  EXPECT_EQ(text_of(Talk().send(50).lose(4500).send(50).report()),
            "packets 100 expected 4600 lost 4500 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 8x100 dscp 46x100 changes 0 markers 0\n"
            "clock 8000 ptime 20x98 jitter 0 p99 0\n"
            "runs 1 longest 4500\n"
            "L 1005+9e+04 missing 4500 in 1\n");
}

TEST(Stream, CountsRunsOfLossesByTheirLength) {
  Talk talk;
  for (const int run : {1, 1, 2, 9, 10, 25}) talk.send(200).lose(run);
  const Report report = talk.send(200).report();
  EXPECT_EQ(report.lost, 48U);
  EXPECT_EQ(report.loss_runs, 6U);
  EXPECT_EQ(report.longest_run, 25U);
  EXPECT_EQ(report.run_lengths, (std::array<std::uint32_t, 10>{2, 1, 0, 0, 0, 0, 0, 0, 1, 2}));
  EXPECT_DOUBLE_EQ(report.loss().share, 48.0 / 1448);
  EXPECT_DOUBLE_EQ(report.loss().mean_run, 8);
}

TEST(Stream, CountsWhatTheHeadersSay) {
  Talk talk;
  talk.marker = true;
  talk.send(10);
  talk.dscp = 0;
  talk.payload_type = 0;
  talk.send(5);
  talk.dscp = 46;
  talk.marker = true;
  EXPECT_EQ(text_of(talk.send(1).report()),
            "packets 16 expected 16 lost 0 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 8x10 0x6 dscp 46x11 0x5 changes 2 markers 2\n"
            "clock 8000 ptime 20x14 jitter 0 p99 0\n");
}

TEST(Stream, LearnsThePtimesInUse) {
  Talk talk;
  talk.send(10);
  talk.ptime = 30ms;
  talk.send(20);
  EXPECT_EQ(talk.report().ptimes, (std::vector<PtimeUse>{{30ms, 19}, {20ms, 10}}));
}

TEST(Stream, TellsTheKeysOfTelephoneEvents) {
  Talk talk;
  talk.formats.set(101, "telephone-event", 8000, {});
  talk.send(10);
  const auto press = [&](char event, std::uint32_t began) {
    talk.payload_type = 101;
    for (int i = 1; i <= 4; ++i) {
      talk.payload = std::string(1, event) + (i == 4 ? "\x8a" : "\x0a") + be16(160 * i);
      talk.timestamp = began;
      talk.send(1);
    }
    talk.payload_type = 8;
    talk.payload = std::string(160, '\x2a');
    talk.timestamp = began + 4 * 160;
  };
  press(1, talk.timestamp);
  press(11, talk.send(10).timestamp);
  EXPECT_EQ(text_of(talk.send(10).report()),
            "packets 38 expected 38 lost 0 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 8x30 101x8 dscp 46x38 changes 0 markers 0\n"
            "clock 8000 ptime 20x27 jitter 0 p99 0\n"
            "events 8 keys 1#\n");
}

/// Keys of 80 ms, the end of each told three times, and nothing else is sent for `apart` after each.
Talk& press_keys(Talk& talk, int keys, milliseconds apart) {
  talk.formats.set(101, "telephone-event", 8000, 20ms);
  const std::uint8_t voice = std::exchange(talk.payload_type, 101);
  const std::string sound = talk.payload;
  for (int key = 0; key < keys; ++key) {
    const std::uint32_t began = talk.timestamp;
    talk.marker = true;
    for (int i = 1; i <= 6; ++i) {
      talk.payload = std::string(1, '\x05') + (i < 4 ? '\x0a' : '\x8a') + be16(160 * std::min(i, 4));
      talk.timestamp = began;
      talk.send(1);
    }
    talk.timestamp = began + 6 * 160;
    talk.pause(apart);
  }
  talk.payload_type = voice;
  talk.payload = sound;
  return talk;
}

TEST(Stream, TellsThePausesBetweenKeysFromOutages) {
  Talk talk;
  talk.send(100).pause(3s);
  EXPECT_EQ(gaps_of(press_keys(talk, 3, 4s).send(100).report()),
            "S 2005+3000 missing 0 in 0\n"
            "S 5125+4000 missing 0 in 0\n"
            "S 9245+4000 missing 0 in 0\n"
            "S 1.336e+04+4000 missing 0 in 0\n");
}

TEST(Stream, TellsThePausesBetweenKeysThatComeFirst) {
  Talk talk;
  EXPECT_EQ(gaps_of(press_keys(talk, 3, 4s).send(100).report()),
            "S 125+4000 missing 0 in 0\n"
            "S 4245+4000 missing 0 in 0\n"
            "S 8365+4000 missing 0 in 0\n");
}

TEST(Stream, TellsAnOutageBetweenKeys) {
  Talk talk;
  talk.send(100);
  press_keys(talk, 1, 0ms).send(20).lose(50);
  EXPECT_EQ(gaps_of(press_keys(talk, 1, 0ms).send(100).report()), "L 2525+1000 missing 50 in 1\n");
  Talk still;
  still.send(100);
  press_keys(still, 1, 0ms).stall(2s);
  EXPECT_EQ(gaps_of(press_keys(still, 1, 0ms).send(100).report()), "P 2125+2000 missing 0 in 0\n");
}

TEST(Stream, DoesNotTakeComfortNoiseForAnOutage) {
  Talk talk;
  talk.send(50);
  talk.payload_type = 13;
  talk.payload = "\x40";
  for (int i = 0; i < 10; ++i) {
    talk.send(1).pause(130ms);
    talk.marker = false;
  }
  talk.payload_type = 8;
  talk.payload = std::string(160, '\x2a');
  talk.marker = true;
  EXPECT_EQ(text_of(talk.send(50).report()),
            "packets 110 expected 110 lost 0 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 8x100 13x10 dscp 46x110 changes 0 markers 1\n"
            "clock 8000 ptime 20x98 jitter 0 p99 0\n"
            "comfort noise 10\n");
}

TEST(Stream, EndsInSilenceWhereG729SaysSo) {
  Talk talk;
  talk.payload_type = 18;
  talk.payload = std::string(20, '\x2a');
  EXPECT_FALSE(talk.send(50).report().ends_in_noise);
  talk.payload = std::string(2, '\x2a');
  EXPECT_TRUE(talk.send(1).report().ends_in_noise);
  EXPECT_EQ(talk.report().comfort_noise, 1U);
}

/// RFC 6263 4.6: each has a number, the time stamp of the last media, and nothing in it.
TEST(Stream, TakesKeepAlivesForNoMedia) {
  Talk talk;
  talk.send(100);
  const std::string voice = std::exchange(talk.payload, "");
  for (int i = 0; i < 3; ++i) {
    talk.stall(2000ms);
    talk.arrive(talk.sequence++, talk.timestamp, talk.clock + talk.delay);
  }
  talk.payload = voice;
  talk.timestamp += 64000;
  const Report report = talk.stall(2000ms).send(100).report();
  EXPECT_EQ(gaps_of(report), "S 2005+8000 missing 0 in 0\n");
  EXPECT_EQ(report.lost, 0U);
}

TEST(Stream, MeasuresTheSilenceOfG711) {
  Talk talk;
  talk.send(50);
  talk.payload = std::string(160, '\xd5');
  talk.send(100);
  talk.payload = std::string(160, '\x2a');
  const Report report = talk.send(50).report();
  ASSERT_TRUE(report.silence);
  EXPECT_EQ(report.silence->judged, 200U);
  EXPECT_EQ(report.silence->silent, 100U);
  EXPECT_EQ(report.silence->longest_at, kStart + 1005ms);
  EXPECT_EQ(report.silence->longest, 2000ms);
}

TEST(Stream, DoesNotListenToEncryptedMedia) {
  Talk talk;
  talk.formats.encrypted = true;
  EXPECT_EQ(talk.send(50).report().silence, std::nullopt);
}

TEST(Stream, HasNoJitterWithoutAClockRateUntilItsTimeStampsShowOne) {
  Talk talk;
  talk.payload_type = 97;
  EXPECT_EQ(text_of(talk.send(40).report()),
            "packets 40 expected 40 lost 0 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 97x40 dscp 46x40 changes 0 markers 0\n"
            "clock 0 ptime\n");
  EXPECT_EQ(text_of(talk.send(60).lose(50).send(50).report()),
            "packets 150 expected 200 lost 50 duplicates 0 reordered 0 strays 0 resets 0\n"
            "types 97x150 dscp 46x150 changes 0 markers 0\n"
            "clock 8000 guessed ptime 20x98 jitter 0 p99 0.001\n"
            "runs 1 longest 50\n"
            "L 2005+1000 missing 50 in 1\n");
}

TEST(Stream, TakesTheClockRateThatSdpTells) {
  Talk talk;
  talk.payload_type = 96;
  talk.formats.set(96, "opus", 48000, 20ms);
  talk.send(1);
  talk.timestamp += 960 - 160;
  talk.send(1);
  const Report report = talk.report();
  EXPECT_EQ(report.clock_rate, 48000U);
  EXPECT_EQ(report.ptimes, (std::vector<PtimeUse>{{20ms, 1}}));
  ASSERT_TRUE(report.jitter);
  EXPECT_DOUBLE_EQ(report.jitter->highest, 0);
}

TEST(Stream, HasTheJitterOfRfc3550) {
  Talk talk;
  talk.send(1);
  talk.delay = 21ms;
  talk.send(1);  // 16 ms later than thought: J = 16 / 16
  const Report report = talk.report();
  ASSERT_TRUE(report.jitter);
  EXPECT_DOUBLE_EQ(report.jitter->highest, 0.001);
  EXPECT_DOUBLE_EQ(report.jitter->mean, 0.001);
}

TEST(Stream, MeasuresDelayAboveTheFastestPacketWithoutTheSkewOfClocks) {
  Talk talk;
  for (int i = 0; i < 3000; ++i) {
    talk.delay = i % 10 == 9 ? 15ms : 5ms;
    // The sender's clock is 0.1 ms in a second slow: two samples in 2.5 s.
    if (i % 125 == 124) talk.timestamp -= 2;
    talk.send(1);
  }
  const Report report = talk.report();
  ASSERT_TRUE(report.delay);
  EXPECT_NEAR(report.delay->skew, 1e-4, 1e-5);
  EXPECT_NEAR(report.delay->median, 0, 1e-3);
  EXPECT_NEAR(report.delay->p95, 0.010, 1e-3);
}

TEST(Stream, KeepsItsMemoryBounded) {
  Talk talk;
  talk.payload.clear();
  for (int i = 0; i < 3000; ++i) talk.send(60).lose(15);
  const Report report = talk.send(1).report();
  EXPECT_EQ(report.lost, 3000U * 15);
  // The last one may still grow and is always told.
  EXPECT_EQ(report.gaps.size(), GapFinder::kMostGaps + 1);
  EXPECT_EQ(report.gaps_left_out, 2999U - GapFinder::kMostGaps);
  const TransitRecord record = talk.flow.streams().front().transits();
  EXPECT_LE(record.packets.size(), TransitTrace::kMost);
  EXPECT_EQ(record.losses.size(), Sequence::kMostLosses);
}

TEST(Stream, IsNotHarmedByTimeThatRunsBackwards) {
  Talk talk;
  talk.send(50);
  talk.clock -= 10s;
  const Report report = talk.send(50).report();
  EXPECT_EQ(report.packets, 100U);
  EXPECT_EQ(report.lost, 0U);
  EXPECT_EQ(report.gaps.size(), 0U);
}

TEST(Stream, TakesTheFirstAndTheLastTimeThatACaptureCanHave) {
  // Under UBSan: no difference of times and no sum of them may overflow.
  constexpr std::array kTimes{Time(base::Duration(-(std::int64_t{1} << 61))),
                              Time(base::Duration(std::int64_t{1} << 62)), kStart};
  Talk talk;
  for (std::size_t i = 0; i < 400; ++i) {
    talk.source.port = i < 300 ? 4000 : 4002;
    talk.arrive(static_cast<std::uint16_t>(i * 3), static_cast<std::uint32_t>(i * 480),
                std::chrono::duration_cast<milliseconds>(kTimes.at(i % 3) - kStart));
  }
  for (const Stream& stream : talk.flow.streams())
    for (const Gap& gap : stream.report().gaps) EXPECT_LE(gap.silent, gap.length);
  EXPECT_TRUE(talk.flow.successions().empty()) << "they overlap";
}

}  // namespace
}  // namespace viaduct::rtp::test
