// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_drop_outs.hpp"

#include "diagnose/finding_text_test.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/router_test.hpp"
#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using sides::Router;

constexpr int kPackets = 1500;
/// 300 ms at a time.
const auto kHoles = [](int i) { return i >= 400 && i % 500 < 15; };
const auto kHolesLater = [](int i) { return i >= 400 && i % 500 >= 200 && i % 500 < 215; };

/// The stream of Router::audio, which begins at 2 s, as a capture has it that lacks some packets; the gaps are holes.
StreamFacts heard(bool outbound, const std::function<bool(int)>& lacks) {
  rtp::test::Talk talk;
  talk.ssrc = outbound ? 1 : 2;
  talk.source = rtp::test::endpoint(outbound ? "192.168.1.10:40000" : "198.51.100.20:50000");
  talk.destination = rtp::test::endpoint(outbound ? "198.51.100.20:50000" : "192.168.1.10:40000");
  StreamFacts facts{.receiver = outbound ? call::Party::callee : call::Party::caller};
  for (int i = 0; i < kPackets; ++i) {
    lacks(i) ? talk.lose(1) : talk.send(1);
    if (!lacks(i) || lacks(i - 1)) continue;
    GapFacts gap{.kind = rtp::GapClass::hard_hole};
    gap.gap.onset = Time(rtp::from_seconds(2 + i * 0.02));
    gap.gap.length = gap.gap.silent = std::chrono::milliseconds(300);
    gap.gap.missing = 15;
    facts.gaps.push_back(gap);
  }
  facts.report = talk.report();
  return facts;
}

Router begun() {
  Router router;
  router.registers(0);
  router.registers(40, 3);
  return router;
}

/// The phone's audio and the platform's, of which the path loses what `lost` says, and the inner capture what `missed`.
Router captured(const std::function<bool(int)>& lost, const std::function<bool(int)>& missed_out,
                const std::function<bool(int)>& missed_in) {
  Router router = begun();
  router.audio(2, kPackets, true);
  router.audio(2, kPackets, false, lost);
  Router inner = begun();
  for (int i = 0; i < kPackets; ++i) {
    if (!missed_out(i)) inner.seen(sides::Side::first, 2, i, true);
    if (!lost(i) && !missed_in(i)) inner.seen(sides::Side::first, 2, i, false);
  }
  router.inside = inner.inside;
  return router;
}

std::string judged(const Router& router, const std::vector<StreamFacts>& streams) {
  HeldDropOuts drop_outs;
  EXPECT_TRUE(drop_outs.hold(rules::drop_outs(), streams, 0, 0));
  const sides::Comparison comparison = router.compare();
  std::string text;
  for (const HeldDropOuts::Judged& one : std::move(drop_outs).judged(sides::PassedOn(comparison, sides::Side::first)))
    text += test::text_of(one.finding);
  return text.substr(0, text.find('\n') + 1);
}

const auto kNothing = [](int) { return false; };

TEST(HeldDropOuts, OfTheCaptureAreNone) {
  EXPECT_EQ(judged(captured(kNothing, kHoles, kNothing), {heard(true, kHoles)}),
            "pass: But for what the capture missed, no stream lost media for 200 ms or longer.\n");
}

TEST(HeldDropOuts, OfThePathStay) {
  EXPECT_EQ(judged(captured(kHolesLater, kNothing, kNothing), {heard(false, kHolesLater)}),
            "fail unknown major 1.00: 2 drop-outs, 0.60 s without media in all.\n");
}

TEST(HeldDropOuts, OfThePathStayBesideThoseOfTheCapture) {
  EXPECT_EQ(
      judged(captured(kNothing, kHoles, kNothing), {heard(true, [](int i) { return kHoles(i) || kHolesLater(i); })}),
      "fail unknown major 1.00: 2 drop-outs, 0.60 s without media in all.\n");
}

TEST(HeldDropOuts, AreUnclearWhereTheCaptureMissesAsMuchOfTheOtherWay) {
  EXPECT_EQ(judged(captured(kNothing, kHoles, kHolesLater), {heard(true, kHoles), heard(false, kHolesLater)}),
            "inconclusive unknown note 0.00: 2 drop-outs, 0.60 s without media in all. But this capture misses as many "
            "of the packets that left here and are on the other side of the router: its own losses and those of the "
            "path cannot be told apart.\n");
}

TEST(HeldDropOuts, WithoutOneNothingIsHeld) {
  HeldDropOuts drop_outs;
  const std::vector<StreamFacts> streams{heard(true, kNothing)};
  EXPECT_FALSE(drop_outs.hold(rules::drop_outs(), streams, 0, 0));
}

}  // namespace
}  // namespace viaduct::diagnose
