// SPDX-License-Identifier: GPL-2.0-or-later
// Each mechanism by itself: what it does to packets, and when.
#include "simulate/nat.hpp"
#include "simulate/path.hpp"
#include "simulate/pinhole.hpp"
#include "simulate/queue.hpp"
#include "simulate/radio.hpp"
#include "simulate/rtcp.hpp"

#include <gtest/gtest.h>

namespace viaduct::simulate {
namespace {

constexpr Socket kPhone{quad(192, 168, 1, 20), 11780}, kServer{quad(198, 51, 100, 10), 30000};
constexpr std::uint32_t kOuter = quad(203, 0, 113, 5);

/// The times of a packet each 20 ms.
std::vector<Seconds> packets(Seconds from, Seconds until) {
  std::vector<Seconds> times;
  const int count = static_cast<int>(std::round((until - from) * 50));
  times.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) times.push_back(from + i * 0.02);
  return times;
}

TEST(Nat, ForgetsAMappingThatOnlyTheOutsideUses) {
  Nat nat(kOuter, {.idle = 30}, Random(1));
  const Socket first = nat.outbound(kPhone, kServer, 0);
  EXPECT_EQ(first, (Socket{kOuter, kPhone.port}));
  EXPECT_EQ(nat.inbound(first.port, kServer, 20), kPhone);
  EXPECT_EQ(nat.inbound(first.port, kServer, 31), std::nullopt);
  const Socket second = nat.outbound(kPhone, kServer, 32);
  EXPECT_NE(second, first);
  EXPECT_EQ(nat.inbound(second.port, kServer, 33), kPhone);
  EXPECT_EQ(nat.inbound(first.port, kServer, 33), std::nullopt);
}

TEST(Nat, KeepsAMappingThatEitherSideRefreshes) {
  Nat nat(kOuter, {.idle = 30, .inbound_refreshes = true}, Random(1));
  const Socket outer = nat.outbound(kPhone, kServer, 0);
  for (int now = 25; now < 300; now += 25) EXPECT_EQ(nat.inbound(outer.port, kServer, now), kPhone);
}

TEST(Nat, SymmetricLetsNobodyElseIn) {
  Nat nat(kOuter, {.symmetric = true}, Random(1));
  const Socket other{kServer.address, 30002};
  const Socket outer = nat.outbound(kPhone, kServer, 0);
  EXPECT_NE(nat.outbound(kPhone, other, 0), outer);
  EXPECT_EQ(nat.inbound(outer.port, other, 0), std::nullopt);
}

TEST(Nat, APinTakesThePlaceOfAMapping) {
  Nat nat(kOuter, {.idle = 30}, Random(1));
  const Socket before = nat.outbound(kPhone, kServer, 0);
  nat.pin(kPhone, 40000);
  EXPECT_EQ(nat.outbound(kPhone, kServer, 500), (Socket{kOuter, 40000}));
  EXPECT_EQ(nat.inbound(before.port, kServer, 1), std::nullopt);
}

/// The times at which a packet each 20 ms begins to be dropped.
std::vector<Seconds> closings(Pinhole pinhole, Direction direction, Seconds until) {
  std::vector<Seconds> times;
  bool open = true;
  for (const Seconds now : packets(0, until)) {
    const bool lets = pinhole.lets(direction, now);
    if (open && !lets) times.push_back(now);
    open = lets;
  }
  return times;
}

TEST(Pinhole, ThatTicksOnKeepsItsPhase) {
  const std::vector<Seconds> times = closings(Pinhole({.life = 30, .hole = {1, 3}}, Random(1), 0), Direction::up, 301);
  ASSERT_EQ(times.size(), 10U);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(times[i], 30.0 * static_cast<double>(i + 1), 0.03);
}

TEST(Pinhole, ThatRestartsDriftsByItsHoles) {
  const std::vector<Seconds> times =
      closings(Pinhole({.life = 30, .restarts = true, .hole = {2, 2}}, Random(1), 0), Direction::up, 301);
  ASSERT_EQ(times.size(), 9U);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_NEAR(times[i] - times[i - 1], 32, 0.05);
}

TEST(Pinhole, AllRulesComeToAnEnd) {
  for (std::uint32_t seed = 0; seed < 200; ++seed)
    for (const bool restarts : {false, true}) {
      const PinholeRules rules{.life = 2 + seed % 20 * 1.0,
                               .jitter = 4,
                               .sweep = seed % 3 * 1.5,
                               .restarts = restarts,
                               .missed = 0.5,
                               .hole = {0.3, 6}};
      const std::size_t count = closings(Pinhole(rules, Random(seed), 0), Direction::up, 300).size();
      EXPECT_GE(count, 1U);
    }
}

TEST(Pinhole, ClosesOneSideOnly) {
  const PinholeRules rules{.life = 30, .hole = {1, 1}, .closes_up = false};
  EXPECT_TRUE(closings(Pinhole(rules, Random(1), 0), Direction::up, 100).empty());
  EXPECT_EQ(closings(Pinhole(rules, Random(1), 0), Direction::down, 100).size(), 3U);
}

TEST(Pinhole, SipThatComesOftenEnoughKeepsItOpen) {
  Pinhole pinhole({.life = 30, .sip_refreshes = true, .hole = {1, 1}}, Random(1), 0);
  for (int now = 0; now < 300; now += 20) {
    EXPECT_TRUE(pinhole.lets(Direction::up, now));
    pinhole.refresh(now);
  }
}

TEST(Queue, LosesOnlyAfterPacketsHaveWaitedLong) {
  QueueRules rules{.rate = 2e6, .limit = 50, .flows = 3, .bursts = {{10, 30}}};
  Queue queue(rules, Random(1));
  Seconds last_wait = 0;
  int lost = 0;
  for (const Seconds now : packets(0, 40)) {
    const auto left = queue.through(now, 60);
    if (left) {
      last_wait = *left - now;
      EXPECT_LE(last_wait, queue.depth() + 0.001);
      const bool calm = now < 10 || now > 31;
      EXPECT_LT(last_wait, calm ? 0.001 : 1);
    } else {
      ++lost;
      EXPECT_GT(last_wait, queue.depth() / 3) << now;
    }
  }
  EXPECT_GT(lost, 5);
}

TEST(Radio, HoldsWhileItScansAndLosesNothing) {
  Radio radio({{5.01, 5.41}}, 0, Random(1));
  Seconds before = 0;
  for (const Seconds now : packets(4, 6)) {
    const Seconds through = radio.through(Direction::up, now);
    EXPECT_GT(through, before);
    const bool away = now > 5.01 && now < 5.41;
    EXPECT_NEAR(through, away ? 5.42 : now, now > 5.01 && now < 5.5 ? 0.02 : 0.002);
    before = through;
  }
}

TEST(Policer, DropsWithoutDelay) {
  PathRules rules;
  rules.jitter = 0;
  rules.policer = PolicerRules{.rate = 1e6, .depth = 1e5, .load = 2e6, .bursts = {{1, 3}}};
  Path path(rules, Random(1));
  int lost = 0;
  for (const Seconds now : packets(0, 5)) {
    const Path::Outcome outcome = path.carry(now, 60, 0);
    if (outcome.fate == Fate::lost)
      ++lost;
    else
      EXPECT_NEAR(outcome.time - now, rules.delay, 1e-9);
  }
  EXPECT_GT(lost, 20);
  EXPECT_LT(lost, 100);
}

TEST(Reception, CountsWhatIsMissing) {
  Reception reception;
  for (std::uint16_t i = 0; i < 100; ++i)
    if (i < 40 || i >= 50)
      reception.take({.ssrc = 7, .timestamp = i * 160U, .sequence = static_cast<std::uint16_t>(65500 + i)}, i * 0.02);
  const std::string block = reception.block(2);
  ASSERT_EQ(block.size(), 24U);
  EXPECT_EQ(static_cast<unsigned char>(block[4]), 256 * 10 / 100);  // share lost
  EXPECT_EQ(static_cast<unsigned char>(block[7]), 10);              // lost
  EXPECT_EQ(static_cast<unsigned char>(block[9]), 1);               // the sequence went round once
}

}  // namespace
}  // namespace viaduct::simulate
