// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/congestion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace viaduct::stat {
namespace {

/// One packet each 20 ms for a minute, and those that came.
struct Stream {
  std::vector<Transit> packets;
  std::vector<double> relative;
  std::vector<LossRun> losses;

  template <class Delay, class Lost>
  Stream(Delay delay, Lost lost) {
    bool in_run = false;
    for (int i = 0; i < 3000; ++i) {
      const double sent = 0.02 * i;
      if (lost(i)) {
        if (!in_run) losses.push_back({.at = packets.back().arrival});
        ++losses.back().packets;
      } else {
        packets.push_back({.arrival = sent + delay(i), .media = sent});
      }
      in_run = lost(i);
    }
    relative.resize(packets.size());
    relative_transit(packets, relative);
  }
};

Congestion judged(const Stream& stream) {
  return congestion(stream.packets, stream.relative, stream.relative, stream.losses);
}

/// A little that is different for each packet.
double noise(int i) {
  return 0.001 * std::abs(std::sin(12.9898 * i));
}

/// Each 10 s a queue fills for a second, loses every third packet for a third of one, and drains.
double filling(int i) {
  const int phase = i % 500;
  if (phase >= 300 && phase < 350) return noise(i) + 0.004 * (phase - 300);
  if (phase >= 350 && phase < 370) return noise(i) + 0.2;
  if (phase >= 370 && phase < 390) return noise(i) + 0.2 - 0.01 * (phase - 370);
  return noise(i);
}

TEST(Congestion, IsSeenWhereAQueueFillsBeforeItLoses) {
  const Congestion found = judged(Stream(filling, [](int i) { return i % 500 >= 350 && i % 500 < 370 && i % 3 == 0; }));
  EXPECT_EQ(found.threshold, 0.02);
  EXPECT_EQ(found.runs.runs, found.judged);
  EXPECT_EQ(found.risen, found.judged);
  EXPECT_GT(found.judged, 30U);
  EXPECT_LT(found.p_trend, 1e-10);
  EXPECT_EQ(found.outside, 0U);
  EXPECT_EQ(found.in_spikes, found.judged);
  EXPECT_TRUE(found.present());
}

TEST(Congestion, IsNotSeenInHardHoles) {
  // 400 ms each 10 s, delay flat around.
  const Congestion found = judged(Stream(noise, [](int i) { return i % 500 >= 400 && i % 500 < 420; }));
  EXPECT_EQ(found.judged, 6U);
  EXPECT_EQ(found.risen, 0U);
  EXPECT_GT(found.p_trend, 0.01);
  EXPECT_EQ(found.in_spikes, 0U);
  EXPECT_EQ(found.outside, 120U);
  EXPECT_EQ(found.runs.short_share, 0);
  EXPECT_FALSE(found.present());
}

TEST(Congestion, RandomLossBesideSpikesIsNotCongestion) {
  // Delay rises, but the losses come at other times.
  const Congestion found = judged(Stream(filling, [](int i) { return i % 500 == 100 || i % 500 == 200; }));
  EXPECT_EQ(found.judged, 12U);
  EXPECT_EQ(found.risen, 0U);
  EXPECT_EQ(found.outside, 12U);
  EXPECT_FALSE(found.present());
}

TEST(Congestion, NeedsAllOfItsSigns) {
  Congestion all;
  all.judged = 4;
  all.risen = 2;
  all.p_trend = 0.009;
  all.runs.short_share = 0.95;
  EXPECT_TRUE(all.present());
  Congestion few = all;
  few.risen = 1;
  EXPECT_FALSE(few.present());
  Congestion flat = all;
  flat.p_trend = 0.011;
  EXPECT_FALSE(flat.present());
  Congestion full = flat;
  full.judged = 30;
  full.risen = 24;
  full.groups = 7;
  EXPECT_TRUE(full.present());
  full.groups = 6;
  EXPECT_FALSE(full.present());
  full.groups = 7;
  full.risen = 23;
  EXPECT_FALSE(full.present());
  Congestion holes = all;
  holes.runs.short_share = 0.94;
  EXPECT_FALSE(holes.present());
  EXPECT_FALSE(congestion({}, {}, {}, {}).present());
}

TEST(RunLengths, AHoleAmongShortRunsIsNoQueue) {
  std::vector<LossRun> losses(40, LossRun{.packets = 2});
  const RunLengths even = run_lengths(losses);
  EXPECT_EQ(even.mean, 2);
  EXPECT_EQ(even.longest, 2U);
  EXPECT_EQ(even.short_share, 1);
  EXPECT_NEAR(even.p_longest, 1, 1e-9);
  losses.back().packets = 50;
  const RunLengths hole = run_lengths(losses);
  EXPECT_EQ(hole.longest, 50U);
  EXPECT_EQ(hole.short_share, 39 / 40.0);
  EXPECT_NEAR(hole.p_longest, 40 * std::pow(1 - 1 / 3.2, 49), 1e-9);
  EXPECT_EQ(run_lengths({}).p_longest, 1);
}

}  // namespace
}  // namespace viaduct::stat
