// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_losses.hpp"

#include "diagnose/finding_text_test.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/router_test.hpp"
#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using sides::Router;

constexpr int kPackets = 1500;
const auto kEach50th = [](int i) { return i % 50 == 10; };
const auto kEach50thOther = [](int i) { return i % 50 == 30; };

/// The stream of Router::audio, as the capture of a side has it without the packets that it `lacks`.
StreamFacts heard(bool outbound, const std::function<bool(int)>& lacks, const char* phone = "192.168.1.10:40000") {
  rtp::test::Talk talk;
  talk.ssrc = outbound ? 1 : 2;
  talk.source = rtp::test::endpoint(outbound ? phone : "198.51.100.20:50000");
  talk.destination = rtp::test::endpoint(outbound ? "198.51.100.20:50000" : phone);
  for (int i = 0; i < kPackets; ++i) lacks(i) ? talk.lose(1) : talk.send(1);
  return {.receiver = outbound ? call::Party::callee : call::Party::caller, .report = talk.report()};
}

std::string judged(const Router& router, const std::vector<StreamFacts>& streams,
                   sides::Side here = sides::Side::first) {
  HeldLosses losses;
  EXPECT_TRUE(losses.hold(rules::packet_loss(), streams, 0, 0));
  const sides::Comparison comparison = router.compare();
  std::string text;
  for (const HeldLosses::Loss& loss : std::move(losses).judged(sides::PassedOn(comparison, here)))
    text += test::text_of(loss.finding);
  return text;
}

Router begun() {
  Router router;
  router.registers(0);
  router.registers(40, 3);
  return router;
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
