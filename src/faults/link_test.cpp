// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/link.hpp"

#include "support/nat_box.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viaduct::faults {
namespace {

using std::chrono::milliseconds;
using support::kStart;

struct Arrival {
  int number;
  base::Duration after;  ///< since it was sent
};

/// `count` packets, one every `step`, and when each arrived.
std::vector<Arrival> run(const LinkSettings& settings, int count, base::Duration step) {
  Link link(settings, 7);
  std::vector<Arrival> arrivals;
  const auto take = [&](base::Instant until) {
    while (const std::optional<base::Instant> when = link.next()) {
      if (*when > until) break;
      const int number = std::stoi(*link.receive(*when));
      arrivals.push_back({number, *when - (kStart + number * step)});
    }
  };
  for (int i = 0; i < count; ++i) {
    take(kStart + i * step);
    link.send(std::to_string(i), kStart + i * step);
  }
  take(kStart + std::chrono::hours(1000));
  return arrivals;
}

bool in_order(const std::vector<Arrival>& arrivals) {
  for (std::size_t i = 1; i < arrivals.size(); ++i)
    if (arrivals[i].number < arrivals[i - 1].number) return false;
  return true;
}

TEST(Link, PerfectByDefault) {
  const std::vector<Arrival> arrivals = run({}, 1000, milliseconds(20));
  ASSERT_EQ(arrivals.size(), 1000U);
  EXPECT_TRUE(in_order(arrivals));
  for (const Arrival& arrival : arrivals) EXPECT_EQ(arrival.after, base::Duration{});
}

TEST(Link, LosesAShare) {
  // Ten thousand packets at 10 %: the standard deviation is 30.
  const std::size_t arrived = run({.loss = 0.1}, 10000, milliseconds(20)).size();
  EXPECT_GT(arrived, 10000U - 1100U);
  EXPECT_LT(arrived, 10000U - 900U);
  EXPECT_EQ(run({.loss = 1}, 100, milliseconds(20)).size(), 0U);
}

TEST(Link, CountsWhatItLoses) {
  Link link({.loss = 0.5}, 3);
  std::uint64_t arrived = 0;
  for (int i = 0; i < 1000; ++i) link.send("x", kStart);
  while (link.receive(kStart)) ++arrived;
  EXPECT_EQ(link.lost() + arrived, 1000U);
  EXPECT_GT(link.lost(), 400U);
}

TEST(Link, LosesInBursts) {
  const int count = 200000;
  const std::vector<Arrival> arrivals = run({.burst_enter = 0.01, .burst_leave = 0.25}, count, milliseconds(20));
  int bursts = 0;
  for (std::size_t i = 1; i < arrivals.size(); ++i) bursts += arrivals[i].number != arrivals[i - 1].number + 1 ? 1 : 0;
  const double lost = count - static_cast<double>(arrivals.size());
  // The chain spends 0.01 / (0.01 + 0.25) of its time in the bad state, four packets at a time.
  EXPECT_NEAR(lost / count, 0.0385, 0.004);
  EXPECT_NEAR(lost / bursts, 4, 0.3);
}

TEST(Link, SameSeedSameFate) {
  const LinkSettings settings{.loss = 0.2, .reorder = 0.1, .delay = milliseconds(30), .jitter = milliseconds(50)};
  const std::vector<Arrival> one = run(settings, 500, milliseconds(20));
  const std::vector<Arrival> two = run(settings, 500, milliseconds(20));
  ASSERT_EQ(one.size(), two.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].number, two[i].number);
    EXPECT_EQ(one[i].after, two[i].after);
  }
}

TEST(Link, Delays) {
  for (const Arrival& arrival : run({.delay = milliseconds(150)}, 100, milliseconds(20)))
    EXPECT_EQ(arrival.after, milliseconds(150));
}

TEST(Link, JitterKeepsTheOrder) {
  const std::vector<Arrival> arrivals =
      run({.delay = milliseconds(40), .jitter = milliseconds(60)}, 2000, milliseconds(20));
  ASSERT_EQ(arrivals.size(), 2000U);
  EXPECT_TRUE(in_order(arrivals));
  base::Duration least = milliseconds(1000);
  base::Duration most{};
  for (const Arrival& arrival : arrivals) {
    least = std::min(least, arrival.after);
    most = std::max(most, arrival.after);
  }
  EXPECT_GE(least, milliseconds(40));
  EXPECT_LT(least, milliseconds(45));
  EXPECT_LE(most, milliseconds(100));
  EXPECT_GT(most, milliseconds(95));
}

TEST(Link, ReordersAShare) {
  const std::vector<Arrival> arrivals = run({.reorder = 0.05, .delay = milliseconds(100)}, 10000, milliseconds(20));
  ASSERT_EQ(arrivals.size(), 10000U);
  int overtaking = 0;
  for (const Arrival& arrival : arrivals) overtaking += arrival.after == base::Duration{} ? 1 : 0;
  EXPECT_FALSE(in_order(arrivals));
  EXPECT_NEAR(overtaking, 500, 66);
}

TEST(Link, RateSpreadsAndItsQueueOverflows) {
  // 8000 bit/s is an octet each millisecond.
  Link link({.rate = 8000, .queue = 250}, 1);
  for (int i = 0; i < 3; ++i) link.send(std::string(100, static_cast<char>('a' + i)), kStart);
  EXPECT_EQ(link.lost(), 1U) << "the third one does not fit beside the two";
  EXPECT_EQ(link.next(), kStart + milliseconds(100));
  EXPECT_EQ(link.receive(kStart + milliseconds(99)), std::nullopt);
  EXPECT_EQ(link.receive(kStart + milliseconds(100)), std::string(100, 'a'));
  EXPECT_EQ(link.next(), kStart + milliseconds(200));
  link.send(std::string(100, 'd'), kStart + milliseconds(150));
  EXPECT_EQ(link.receive(kStart + milliseconds(300)), std::string(100, 'b'));
  EXPECT_EQ(link.next(), kStart + milliseconds(300));
  EXPECT_EQ(link.receive(kStart + milliseconds(300)), std::string(100, 'd'));
}

TEST(Link, BleachesTheDscpAlone) {
  const auto through = [](bool bleach, const std::string& packet) {
    Link link({.bleach = bleach}, 1);
    link.send(packet, kStart);
    return link.receive(kStart).value_or("");
  };
  const auto packet = [](std::uint8_t dscp) {
    return support::udp(support::ep("192.168.1.10:4000"), support::ep("198.51.100.5:6000"), "x", {.dscp = dscp});
  };
  EXPECT_EQ(through(true, packet(46)), packet(0));
  EXPECT_EQ(through(false, packet(46)), packet(46));
  EXPECT_EQ(through(true, packet(0)), packet(0));
  EXPECT_EQ(through(true, "no packet"), "no packet");
}

}  // namespace
}  // namespace viaduct::faults
