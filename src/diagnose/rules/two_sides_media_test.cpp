// SPDX-License-Identifier: GPL-2.0-or-later
// What path-loses-media makes of the circumstances in which media is lost between two captures.
#include "diagnose/finding_text_test.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/passed_on.hpp"
#include "diagnose/sides/router_test.hpp"

#include <gmock/gmock.h>

#include <string>

namespace viaduct::diagnose::rules {
namespace {

using sides::Router;

std::string told(const Router& router) {
  const sides::Comparison comparison = router.compare();
  const std::vector<finding::Finding> found = path_loses_media().judge({.other_side = &comparison});
  if (found.size() != 1) return "not one finding";
  test::seen_verdicts().emplace(found[0].rule.id, found[0].verdict);
  std::string line(finding::name(found[0].verdict));
  if (found[0].verdict == finding::Verdict::fail) line += " " + std::string(finding::name(found[0].cause));
  for (const std::string& behaviour : found[0].behaviours) line += " " + behaviour;
  return line;
}

/// Calls are told apart by their number.
std::string of_call(const std::string& message, int number) {
  std::string text = message;
  for (const std::string what : {"Call-ID: c", "tag=a", "branch=z9hG4bK"}) {
    const std::size_t at = text.find(what);
    if (at != std::string::npos) text.insert(at + what.size(), std::to_string(number));
  }
  return text;
}

void set_up(Router& router, double at, int number, int port, const Router::Edit& edit = {}) {
  router.out(at, of_call(router.request("INVITE", 2, Router::sdp("192.168.1.10", port)), number), edit);
  router.in(at + 0.1, of_call(router.response(200, "INVITE", 2, Router::sdp("198.51.100.20", 50000)), number));
}

Router begun() {
  Router router;
  router.registers(0);
  return router;
}
Router::Way in_to(int port, std::uint32_t ssrc = 20) {
  return {ssrc, "192.168.1.10:" + std::to_string(port), "203.0.113.2:" + std::to_string(port)};
}
Router::Way out_of(int port, std::uint32_t ssrc = 10) {
  Router::Way way = in_to(port, ssrc);
  way.outbound = true;
  return way;
}
const auto kAll = [](int) { return true; };

TEST(PathLosesMedia, LeavesOpenWhatOnePassOverBothSidesSawOnOneOfThem) {
  const std::vector<std::uint32_t> calls{2, 5};
  const std::vector<finding::Finding> found = path_loses_media().judge({.half_seen = calls});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(test::text_of(found[0]),
            "inconclusive none minor 0.00: Of 2 calls audio was seen on one side of the router, and for a time or "
            "always not on "
            "the other one: it was lost there, or that side was not captured as long. One pass does not tell.\n"
            "  calls 2 5\n");
}

TEST(PathLosesMedia, TellsAWayThatFellShutInAPause) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  router.media(out_of(40000), 2, 100);
  router.media(in_to(40000), 2, 100);
  router.media(in_to(40000), 12, 100, kAll, 200);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown C01");
  Router longer = begun();
  set_up(longer, 1, 1, 40000);
  longer.media(out_of(40000), 2, 100);
  longer.media(in_to(40000), 2, 100);
  longer.media(in_to(40000), 52, 100, kAll, 200);
  longer.registers(60, 3);
  EXPECT_EQ(told(longer), "fail nat-timeout C01");
}

/// A call with both ways, of which the capture inside has no packet where `hole`, whichever way it goes, and the path
/// loses inbound ones where `lost`.
Router with_hole(const std::function<bool(int)>& hole, const std::function<bool(int)>& lost = {}) {
  Router router = begun();
  router.audio(2, 1000, true);
  router.audio(2, 1000, false, [&](int i) { return hole(i) || (lost && lost(i)); });
  Router inner = begun();
  for (int i = 0; i < 1000; ++i) {
    if (hole(i)) continue;
    inner.seen(sides::Side::first, 2, i, true);
    if (!lost || !lost(i)) inner.seen(sides::Side::first, 2, i, false);
  }
  inner.registers(30, 3);
  router.registers(30, 3);
  router.inside = inner.inside;
  return router;
}

TEST(PathLosesMedia, TellsHolesOfTheCapture) {
  const auto hole = [](int i) { return i >= 400 && i < 600; };
  EXPECT_EQ(told(with_hole(hole)), "pass");
  const sides::Comparison comparison = with_hole(hole).compare();
  const std::vector<finding::Finding> noted = capture_incomplete().judge({.other_side = &comparison});
  ASSERT_EQ(noted.size(), 1U);
  EXPECT_EQ(noted[0].statement,
            "The capture of the inner side missed packets that passed there, as the other side shows: losses of that "
            "time are no fault of the path.");
  ASSERT_EQ(noted[0].evidence.size(), 1U);
  EXPECT_EQ(noted[0].evidence[0].text,
            "200 of 1000 RTP packets that came from the inner side to the other one are not in its capture, 200 in a "
            "row at most");
}

TEST(PathLosesMedia, TellsALossThatIsLongerThanTheHoleInIt) {
  const auto hole = [](int i) { return i >= 400 && i < 450; };
  EXPECT_EQ(told(with_hole(hole, [](int i) { return i >= 300 && i < 600; })), "fail unknown");
}

TEST(PathLosesMedia, LeavesOpenWhatTheCaptureMayHaveMissed) {
  const auto scattered = [](int i) { return i % 20 == 10; };
  EXPECT_EQ(told(with_hole([](int) { return false; }, scattered)), "fail unknown");
  EXPECT_EQ(told(with_hole(scattered)), "inconclusive");
  EXPECT_EQ(told(with_hole(scattered, [](int i) { return i % 10 == 5; })), "fail unknown") << "three times as much";
}

/// What is lost of a call, "calls: text, text" with the frame of each where it is known.
std::string evidence(const Router& router) {
  const sides::Comparison comparison = router.compare();
  const std::vector<sides::SeenStream> streams{{.call = 2,
                                                .ssrc = 9,
                                                .source = sides::at("192.168.1.10:40000"),
                                                .destination = sides::at("198.51.100.20:50000")},
                                               {.call = 3,
                                                .ssrc = 10,
                                                .source = sides::at("192.168.1.10:40000"),
                                                .destination = sides::at("198.51.100.20:50000")}};
  const std::vector<finding::Finding> found = path_loses_media().judge({.other_side = &comparison, .streams = streams});
  std::string text;
  for (const finding::Finding& one : found) {
    for (const std::uint32_t call : one.calls) text += std::to_string(call) + ":\n";
    for (const finding::Evidence& evidence : one.evidence)
      text += (evidence.frame != 0 ? "with a frame, " : "") + evidence.text + "\n";
  }
  return text;
}

TEST(PathLosesMedia, NamesTheCallAndTheNumbersThatItLost) {
  const auto lost = [](int i) { return i >= 100 && i < 130; };
  Router out = begun();
  out.media(out_of(40000), 2, 300, lost);
  out.registers(20, 3);
  EXPECT_EQ(evidence(out),
            "3:\n30 packets in 0.60 s from number 200 on did not arrive of the outbound stream 192.168.1.10:40000 to "
            "198.51.100.20:50000\n");
  Router in = begun();
  in.media(out_of(40000), 2, 300);
  in.media(in_to(40000), 2, 300, kAll);
  in.registers(20, 3);
  EXPECT_EQ(evidence(in).substr(0, 61), "3:\nwith a frame, Media to 198.51.100.20:50000 leaves from 203");
  Router routed;
  routed.mapped = routed.phone;
  routed.registers(0);
  Router::Way way = out_of(40000);
  way.outer = way.inner;
  routed.media(way, 2, 300, lost);
  routed.registers(20, 3);
  EXPECT_EQ(evidence(routed),
            "3:\n30 packets in 0.60 s from number 200 on did not arrive of the stream 192.168.1.10:40000 to "
            "198.51.100.20:50000, to the other side\n");
}

TEST(PathLosesMedia, AccusesNoBoxThatWritesSsrcsAnew) {
  const auto renamed = [](int number, const std::function<bool(int)>& lost) {
    Router router = begun();
    Router behind = begun();
    router.media(out_of(40000, 10), 2, 300);
    behind.media(out_of(40000, 77), 2, 300, lost, number);
    router.registers(20, 3);
    behind.registers(20, 3);
    router.outside = behind.outside;
    return told(router);
  };
  const auto none = [](int) { return false; };
  const auto end = [](int i) { return i >= 200; };
  EXPECT_EQ(renamed(100, none), "pass");
  EXPECT_EQ(renamed(100, end), "fail unknown");
  EXPECT_EQ(renamed(30000, end), "inconclusive") << "numbers are new, too: nothing can be compared";
}

TEST(PathLosesMedia, DoesNotCallItAPauseWhereTheInsideSends) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  router.media(out_of(40000), 2, 600);
  router.media(in_to(40000), 2, 100);
  router.media(in_to(40000), 12, 100, kAll, 200);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown");
}

TEST(PathLosesMedia, TellsATimerBySixHoles) {
  const auto holes = [](int count) {
    Router router = begun();
    set_up(router, 1, 1, 40000);
    const auto lost = [count](int i) { return i % 300 >= 250 && i / 300 < count; };
    router.media(out_of(40000), 2, 300 * count + 100, lost);
    router.registers(6.0 * count + 10, 3);
    return told(router);
  };
  EXPECT_EQ(holes(7), "fail unknown C01");
  EXPECT_EQ(holes(3), "fail unknown");
}

TEST(PathLosesMedia, TellsThatTheInsideHasToSpeakFirst) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  router.media(in_to(40000), 2, 200, [](int i) { return i <= 100; });
  router.media(out_of(40000), 4, 100);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown C02");
}

TEST(PathLosesMedia, MissesNothingWhereTheOtherCaptureHasNoMedia) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  router.media(out_of(40000), 2, 200, kAll);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "not_applicable") << "a capture at a proxy, media goes elsewhere";
  Router some = begun();
  set_up(some, 1, 1, 40000);
  some.media(out_of(40000), 2, 200, kAll);
  Router::Way elsewhere = out_of(41000, 30);
  elsewhere.remote = "198.51.100.30:50000";
  some.media(elsewhere, 2, 200);
  some.registers(20, 3);
  EXPECT_EQ(told(some), "pass") << "another relay's media says nothing of this one";
}

/// The router calls somebody itself, or a phone behind it that was not captured does.
TEST(PathLosesMedia, MissesNothingOfACallThatTheOtherSideDoesNotHave) {
  const auto with = [](bool told_of) {
    Router router = begun();
    set_up(router, 1, 1, 40000);
    router.media(out_of(40000), 2, 200);
    router.media(in_to(40000), 2, 200);
    if (told_of) router.only_outside(8, of_call(router.request("INVITE", 2, Router::sdp("203.0.113.2", 14000)), 2));
    router.media(in_to(14000, 30), 3, 200, kAll);
    router.registers(20, 3);
    return told(router);
  };
  EXPECT_EQ(with(true), "pass");
  EXPECT_EQ(with(false), "fail unknown");
}

TEST(PathLosesMedia, TellsAStreamThatNeverLeftBesideOneThatCame) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  router.media(out_of(40000), 2, 200, kAll);
  router.media(in_to(40000), 2, 200);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown");
  const sides::Comparison comparison = router.compare();
  EXPECT_THAT(path_loses_media().judge({.other_side = &comparison})[0].statement,
              testing::HasSubstr("1 stream was seen on the inner side of the router and never on its outer side."));
  Router refused = begun();
  set_up(refused, 1, 1, 40000);
  refused.media(out_of(40000), 2, 200, kAll);
  refused.media(in_to(40000), 2, 200, kAll);
  refused.registers(20, 3);
  EXPECT_EQ(told(refused).substr(0, 4), "fail") << "each side has what was sent from it";
}

TEST(PathLosesMedia, TellsWhatLetsNoReplyInFromOthersThanThePlatform) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  router.media(out_of(40000), 2, 200);
  router.media(in_to(40000), 2, 200, kAll);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown C12");
}

TEST(PathLosesMedia, TellsAnotherPortThanSdpNames) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  Router::Way out = out_of(40000);
  out.outer = "203.0.113.2:1040";
  router.media(out, 2, 200);
  router.media(in_to(40000), 2, 200, kAll);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown C15");
  Router edited = begun();
  set_up(edited, 1, 1, 40000, Router::replacing("192.168.1.10", "203.0.113.2"));
  edited.media(out, 2, 200);
  edited.media(in_to(40000), 2, 200, kAll);
  edited.registers(20, 3);
  EXPECT_EQ(told(edited), "fail unknown") << "the box wrote the port itself: that is B01";
}

TEST(PathLosesMedia, TellsTooFewPorts) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  set_up(router, 2, 2, 41000);
  router.media(out_of(40000), 2, 400);
  router.media(out_of(41000, 11), 4, 200, kAll);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail unknown C18");
  Router alone = begun();
  set_up(alone, 1, 1, 41000);
  alone.media(out_of(41000, 11), 4, 200, kAll);
  alone.registers(20, 3);
  EXPECT_EQ(told(alone), "not_applicable");
  alone.outside.whole = true;
  EXPECT_EQ(told(alone), "fail unknown") << "it would have been seen";
}

TEST(PathLosesMedia, TellsCallsThatCloseEachOther) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  set_up(router, 1.5, 2, 41000);
  router.media(in_to(40000), 2, 200, kAll);
  router.media(in_to(41000, 21), 2, 200);
  router.registers(20, 3);
  EXPECT_EQ(told(router), "fail sip-alg C06");
  Router turned = begun();
  set_up(turned, 1, 1, 40000);
  set_up(turned, 1.5, 2, 41000);
  turned.media(in_to(40000), 2, 200);
  turned.media(in_to(41000, 21), 2, 200, kAll);
  turned.registers(20, 3);
  EXPECT_EQ(told(turned), "fail unknown") << "no later call closed it";
}

TEST(PathLosesMedia, TellsThatACancelEndsMedia) {
  const auto cancelled = [](double at) {
    Router router = begun();
    set_up(router, 1, 1, 40000);
    const auto late = [](int i) { return i >= 100; };
    router.media(out_of(40000), 2, 200, late);
    router.media(in_to(40000), 2, 200, late);
    router.out(at, of_call(router.request("CANCEL", 2), 1));
    router.registers(20, 3);
    return told(router);
  };
  EXPECT_EQ(cancelled(3.98), "fail sip-alg C09");
  EXPECT_EQ(cancelled(2.5), "fail unknown");
}

/// Two calls, the second 3 s after the first; media of either stops so long after its answer.
std::string stopped(double first, double second) {
  Router router = begun();
  set_up(router, 1, 1, 40000);
  set_up(router, 4, 2, 41000);
  const auto after = [](double seconds) { return [seconds](int i) { return i * 0.02 + 0.1 >= seconds; }; };
  router.media(out_of(40000, 10), 1.2, 500, after(first));
  router.media(in_to(40000, 20), 1.2, 500, after(first));
  router.media(out_of(41000, 11), 4.2, 500, after(second));
  router.media(in_to(41000, 21), 4.2, 500, after(second));
  router.registers(25, 3);
  return told(router);
}

TEST(PathLosesMedia, TellsALongestDurationFromARestart) {
  EXPECT_EQ(stopped(6, 6), "fail unknown C10");
  EXPECT_EQ(stopped(8, 5), "fail unknown C19");
  EXPECT_EQ(stopped(6, 8), "fail unknown");
}

TEST(PathLosesMedia, TellsAHairpinThatIsMissing) {
  Router router = begun();
  router.phone = "192.168.1.11:5060";
  router.mapped = "203.0.113.2:1061";
  router.registers(1, 8);
  router.media({30, "192.168.1.10:40000", "203.0.113.2:40000", "203.0.113.2:41000", true}, 2, 200, kAll);
  router.media({31, "192.168.1.11:41000", "203.0.113.2:41000", "203.0.113.2:40000", true}, 2, 200, kAll);
  router.registers(20, 9);
  EXPECT_EQ(told(router), "fail unknown C14");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
