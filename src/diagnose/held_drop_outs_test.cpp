// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_drop_outs.hpp"

#include "diagnose/finding_text_test.hpp"
#include "diagnose/held_test.hpp"
#include "diagnose/rules/rules.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using sides::Router;
using test::begun;
using test::kPackets;

/// 300 ms at a time.
const auto kHoles = [](int i) { return i >= 400 && i % 500 < 15; };
const auto kHolesLater = [](int i) { return i >= 400 && i % 500 >= 200 && i % 500 < 215; };

/// What a capture has that lacks some packets, as test::heard() has it; the gaps are holes.
StreamFacts with_holes(bool outbound, const std::function<bool(int)>& lacks) {
  StreamFacts facts = test::heard(outbound, lacks);
  for (int i = 1; i < kPackets; ++i) {
    if (!lacks(i) || lacks(i - 1)) continue;
    GapFacts gap{.kind = rtp::GapClass::hard_hole};
    gap.gap.onset = Time(rtp::from_seconds(2 + i * 0.02));
    gap.gap.length = gap.gap.silent = std::chrono::milliseconds(300);
    gap.gap.missing = 15;
    facts.gaps.push_back(gap);
  }
  return facts;
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
  for (const HeldFinding& one : std::move(drop_outs).judged(sides::PassedOn(comparison, sides::Side::first)))
    text += test::text_of(one.finding);
  return text.substr(0, text.find('\n') + 1);
}

const auto kNothing = [](int) { return false; };

TEST(HeldDropOuts, OfTheCaptureAreNone) {
  EXPECT_EQ(judged(captured(kNothing, kHoles, kNothing), {with_holes(true, kHoles)}),
            "pass: But for what the capture missed, no stream lost media for 200 ms or longer.\n");
}

TEST(HeldDropOuts, OfThePathStay) {
  EXPECT_EQ(judged(captured(kHolesLater, kNothing, kNothing), {with_holes(false, kHolesLater)}),
            "fail unknown major 1.00: 2 drop-outs, 0.60 s without media in all.\n");
}

TEST(HeldDropOuts, OfThePathStayBesideThoseOfTheCapture) {
  EXPECT_EQ(judged(captured(kNothing, kHoles, kNothing),
                   {with_holes(true, [](int i) { return kHoles(i) || kHolesLater(i); })}),
            "fail unknown major 1.00: 2 drop-outs, 0.60 s without media in all.\n");
}

TEST(HeldDropOuts, AreUnclearWhereTheCaptureMissesAsMuchOfTheOtherWay) {
  EXPECT_EQ(judged(captured(kNothing, kHoles, kHolesLater), {with_holes(true, kHoles), with_holes(false, kHolesLater)}),
            "inconclusive unknown note 0.00: 2 drop-outs, 0.60 s without media in all. But this capture misses as many "
            "of the packets that left here and are on the other side of the router: its own losses and those of the "
            "path cannot be told apart.\n");
}

/// Another phone was out of sight of the capture while the path lost what it lost.
Router with_a_phone_out_of_sight() {
  const Router::Way other{9, "192.168.1.11:41000", "203.0.113.2:41000", "198.51.100.20:50002", true};
  const auto traffic = [&](int seen) {
    Router router = begun();
    router.audio(2, kPackets, true);
    router.audio(2, kPackets, false, kHolesLater);
    router.media(other, 2, seen);
    if (seen < kPackets) router.media(other, 2 + 0.02 * 1400, kPackets - 1400, {}, 100 + 1400);
    return router;
  };
  Router router = traffic(kPackets);
  router.inside = traffic(600).inside;
  return router;
}

TEST(HeldDropOuts, AreNoneOfTheCaptureWhereItSawAnotherStream) {
  EXPECT_EQ(judged(with_a_phone_out_of_sight(), {with_holes(false, kHolesLater)}),
            "fail unknown major 1.00: 2 drop-outs, 0.60 s without media in all.\n");
}

TEST(HeldDropOuts, WithoutOneNothingIsHeld) {
  HeldDropOuts drop_outs;
  const std::vector<StreamFacts> streams{with_holes(true, kNothing)};
  EXPECT_FALSE(drop_outs.hold(rules::drop_outs(), streams, 0, 0));
}

}  // namespace
}  // namespace viaduct::diagnose
