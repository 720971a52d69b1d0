// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_losses.hpp"

#include "diagnose/finding_text_test.hpp"
#include "diagnose/held_test.hpp"
#include "diagnose/rules/rules.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using sides::Router;
using test::begun;
using test::heard;
using test::kPackets;

const auto kEach50th = [](int i) { return i % 50 == 10; };
const auto kEach50thOther = [](int i) { return i % 50 == 30; };

std::string judged(const Router& router, const std::vector<StreamFacts>& streams,
                   sides::Side here = sides::Side::first) {
  HeldLosses losses;
  EXPECT_TRUE(losses.hold(rules::packet_loss(), streams, 0, 0));
  const sides::Comparison comparison = router.compare();
  std::string text;
  for (const HeldFinding& one : std::move(losses).judged(sides::PassedOn(comparison, here)))
    text += test::text_of(one.finding);
  return text;
}

TEST(HeldLosses, OfTheCaptureWhereTheOtherSideHasThem) {
  Router router = begun();
  router.audio(2, kPackets, true);
  router.inside = begun().inside;
  for (int i = 0; i < kPackets; ++i)
    if (!kEach50th(i)) router.seen(sides::Side::first, 2, i, true);
  EXPECT_EQ(judged(router, {heard(true, kEach50th)}),
            "pass: What is missing from the capture is on the other side of the router: the capture missed it, not the "
            "path.\n");
}

TEST(HeldLosses, UnclearWhereTheCaptureMissesAsMuchOfTheOtherWay) {
  Router router = begun();
  router.audio(2, kPackets, true);
  router.audio(2, kPackets, false, kEach50thOther);
  Router inner = begun();
  for (int i = 0; i < kPackets; ++i) {
    if (!kEach50th(i)) inner.seen(sides::Side::first, 2, i, true);
    if (!kEach50thOther(i)) inner.seen(sides::Side::first, 2, i, false);
  }
  router.inside = inner.inside;
  EXPECT_EQ(
      judged(router, {heard(true, kEach50th), heard(false, kEach50thOther)}),
      "inconclusive none note 0.00: 30 of 1500 packets towards the caller were lost, 1 packet in a row at most. "
      "But this capture misses as many of the packets that left here and are on the other side of the router: its "
      "own losses and those of the path cannot be told apart.\n"
      "  #1 1.005 of this stream 30 of 1500 packets are missing\n"
      "  streams 1\n");
}

TEST(HeldLosses, OfTheOuterSideToo) {
  const char* const mapped = "203.0.113.2:40000";
  Router router = begun();
  router.audio(2, kPackets, true, kEach50thOther);
  router.audio(2, kPackets, false);
  Router outer = begun();
  for (int i = 0; i < kPackets; ++i) {
    if (!kEach50thOther(i)) outer.seen(sides::Side::second, 2, i, true);
    if (!kEach50th(i)) outer.seen(sides::Side::second, 2, i, false);
  }
  router.outside = outer.outside;
  EXPECT_EQ(judged(router, {heard(false, kEach50th, mapped)}, sides::Side::second),
            "pass: What is missing from the capture is on the other side of the router: the capture missed it, not the "
            "path.\n");
  EXPECT_EQ(judged(router, {heard(true, kEach50thOther, mapped)}, sides::Side::second).substr(0, 13), "inconclusive ");
}

TEST(HeldLosses, OfThePathWhereTheCaptureMissesNothing) {
  Router router = begun();
  router.audio(2, kPackets, true);
  router.audio(2, kPackets, false, kEach50thOther);
  EXPECT_EQ(judged(router, {heard(false, kEach50thOther)}).substr(0, 5), "fail ");
}

}  // namespace
}  // namespace viaduct::diagnose
