// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/diagnosis.hpp"

#include "diagnose/scene_test.hpp"
#include "diagnose/sides/router_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using call::Party;
using finding::Cause;
using finding::Verdict;
using test::Scene;

/// What the rules say of all calls of a scene: failures and what is open, then what is said of each call.
std::string diagnosed(Scene& scene, const sides::Comparison* other_side = nullptr) {
  Diagnosis diagnosis({}, other_side != nullptr);
  std::uint32_t calls = 0;
  std::uint32_t streams = 0;
  for (const CallFacts& facts : scene.facts()) {
    diagnosis.add(facts, calls++, streams);
    streams += static_cast<std::uint32_t>(facts.streams.size());
  }
  diagnosis.judge_losses(other_side);
  diagnosis.finish({.alg_signs = scene.signs, .other_side = other_side});
  const std::vector<finding::Attribution> attributions = diagnosis.attributions(calls);
  std::string text = "\n";
  for (const finding::Finding& found : std::move(diagnosis).findings())
    if (found.verdict == Verdict::fail || found.verdict == Verdict::inconclusive)
      text += std::string(found.rule.id) + " " + test::text_of(found);
  for (const finding::Attribution& call : attributions)
    text += "call: " + std::string(name(call.cause)) + " " + test::fixed(call.confidence, 2) + ", then " +
            std::string(name(call.runner_up)) + " " + test::fixed(call.runner_up_confidence, 2) + "\n";
  return text;
}

TEST(Diagnosis, WhatIsSaidOfSeveralCallsIsOneFinding) {
  Scene scene;
  for (int i = 1; i <= 3; ++i) {
    scene.another("call-" + std::to_string(i)).set_up(10 * i).hang_up(10 * i + 7);
    scene.talk(10 * i + 0.3, Party::callee).send(100).lose(20 * i).send(100);
    scene.talk(10 * i + 0.3, Party::caller).send(300);
  }
  EXPECT_EQ(diagnosed(scene), R"(
drop-outs fail unknown major 1.00: 1 drop-out, 0.80 s without media in all. The like in 2 more.
  #30100 22.280 nothing to play towards the caller for 0.80 s from 00:00:22.300 on, class L
  #10100 12.280 nothing to play towards the caller for 0.40 s from 00:00:12.300 on, class L
  #50100 32.280 nothing to play towards the caller for 1.20 s from 00:00:32.300 on, class L
  calls 1 0 2
  streams 2 0 4
alg-drop-outs inconclusive sip-alg note 0.40: Media is discarded on a free path: too few for a rhythm (six of one call, or four in each of three calls); capture longer calls, and both sides of the router (--other-side).
  #10100 12.280 media towards the caller stops for 0.40 s from 00:00:12.300 on, 20 packets are missing (L, hard hole: discarded on the path)
  #30100 22.280 media towards the caller stops for 0.80 s from 00:00:22.300 on, 40 packets are missing (L, hard hole: discarded on the path)
  #50100 32.280 media towards the caller stops for 1.20 s from 00:00:32.300 on, 60 packets are missing (L, hard hole: discarded on the path)
  calls 0 1 2
  streams 0 2 4
call: unknown 0.00, then sip-alg 0.40
call: unknown 0.00, then sip-alg 0.40
call: unknown 0.00, then sip-alg 0.40
)");
}

TEST(Diagnosis, AProvenCauseGoesBeforeOthers) {
  Scene scene;
  scene.set_up(1).hang_up(90);
  scene.talk(1.3, Party::caller).send(4400);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 6; ++i) talk.send(500).hold(40);
  talk.send(500).lose(50).send(500);
  scene.another("call-2").set_up(200).hang_up(220);
  scene.both_talk(200.3, 900, 900);
  EXPECT_EQ(diagnosed(scene), R"(
drop-outs fail unknown major 1.00: 7 drop-outs, 5.68 s without media in all.
  #20500 11.280 nothing to play towards the caller for 0.78 s from 00:00:11.300 on, class H
  #21040 22.080 nothing to play towards the caller for 0.78 s from 00:00:22.100 on, class H
  #21580 32.880 nothing to play towards the caller for 0.78 s from 00:00:32.900 on, class H
  #22120 43.680 nothing to play towards the caller for 0.78 s from 00:00:43.700 on, class H
  and 3 more
  calls 0
  streams 1
alg-drop-outs inconclusive sip-alg note 0.40: Media is discarded on a free path: too few for a rhythm (six of one call, or four in each of three calls); capture longer calls, and both sides of the router (--other-side).
  #23740 76.080 media towards the caller stops for 1.00 s from 00:01:16.100 on, 50 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
held-and-released fail jitter major 0.90: 6 times that packets were held and then came together, for 0.78 s at most.
  #0 - call at 00:00:01 alone, 6 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 0.3 at 44.8 s: by chance 1.0
  #0 - clock: not to be told from one call, which keeps to all of them
  #20500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #21040 22.080 media towards the caller stops for 0.78 s from 00:00:22.100 on (H, held and released)
  #21580 32.880 media towards the caller stops for 0.78 s from 00:00:32.900 on (H, held and released)
  #22120 43.680 media towards the caller stops for 0.78 s from 00:00:43.700 on (H, held and released)
  calls 0
  streams 1
  raster Drop-outs, each call from its own begin, every 10.800 s
    call at 00:00:01: 6, phase 10.000
call: jitter 0.90, then sip-alg 0.40
call: none 0.00, then none 0.00
)");
}

TEST(Diagnosis, ANoteIsNoCauseOfACall) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  scene.talk(1.3, Party::caller).send(900);
  rtp::test::Talk& bare = scene.talk(1.3, Party::callee);
  bare.dscp = 0;
  bare.send(900);
  EXPECT_EQ(diagnosed(scene), R"(
dscp-bleached fail configuration note 0.60: Media is marked one way and arrives without a mark the other way: either its sender does not mark it, or the mark was taken away before here.
  behaviour D10
  #20001 1.300 198.51.100.20:6000 to 192.0.2.10:4000: DSCP 0
  #10001 1.300 192.0.2.10:4000 to 198.51.100.20:6000: DSCP 46
  calls 0
  streams 1 0
call: none 0.00, then none 0.00
)");
}

/// An ALG that translates an answer of the call truly.
sides::Router harmless() {
  using sides::Router;
  Router router;
  router.registers(0);
  router.out(1, Router::replacing("Call-ID: c1", "Call-ID: call-1")(router.request("INVITE", 2)));
  router.in(1.1, Router::replacing("Call-ID: c1", "Call-ID: call-1")(router.response(200, "INVITE", 2)),
            Router::replacing("received=203.0.113.2", "received=192.168.1.10"));
  return router;
}
std::string causes(const std::string& text) {
  return text.substr(text.find("call: "));
}

TEST(Diagnosis, HarmlessEditsAreNoCauseOfAGoodCall) {
  const sides::Router router = harmless();
  const sides::Comparison comparison = router.compare();
  Scene good;
  good.set_up(1).hang_up(20);
  good.talk(1.3, Party::caller).send(900);
  good.talk(1.3, Party::callee).send(900);
  const std::string said = diagnosed(good, &comparison);
  EXPECT_NE(said.find("alg-rewrites fail sip-alg minor 0.98"), std::string::npos) << said;
  EXPECT_EQ(causes(said), "call: none 0.00, then none 0.00\n");
  Scene bad;
  bad.set_up(1).hang_up(20);
  bad.talk(1.3, Party::caller).send(900);
  bad.talk(1.3, Party::callee).send(300).lose(100).send(500);
  EXPECT_EQ(causes(diagnosed(bad, &comparison)), "call: sip-alg 0.98, then none 0.00\n");
}

/// An ALG edits a call of eight rounds of 12 s; `holes` of a second, one at the end of each, are in the media that
/// comes in.
enum class Holes : std::uint8_t { none, before_the_router, in_the_router };
constexpr int kRounds = 8;
constexpr int kPackets = 600;  // in a round
constexpr int kBefore = 550;   // the hole

/// `rounds` of it.
sides::Router edited_call(Holes holes, int rounds) {
  using sides::Router;
  Router router;
  router.registers(0);
  const Router::Edit of_call = Router::replacing("Call-ID: c1", "Call-ID: call-1");
  router.out(1, of_call(router.request("INVITE", 2)));
  router.in(1.1, of_call(router.response(200, "INVITE", 2)),
            Router::replacing("received=203.0.113.2", "received=192.168.1.10"));
  router.media({1, "192.168.1.10:40000", "203.0.113.2:40000", "198.51.100.20:50000", true}, 1.3, kPackets * rounds);
  for (int i = 0; i < rounds; ++i) {
    const auto lost = [](int packet) { return packet >= kBefore; };
    router.media({2, "192.168.1.10:40000", "203.0.113.2:40000"}, 1.3 + 12 * i,
                 holes == Holes::before_the_router ? kBefore : kPackets,
                 holes == Holes::in_the_router ? lost : std::function<bool(int)>{}, 100 + kPackets * i);
  }
  if (rounds == kRounds) router.registers(110, 3);
  return router;
}

/// Calls of three other customers, with holes at the same instants.
void strike_others(Scene& scene) {
  struct Call {
    double begin;
    int packets;  ///< to the first hole
  };
  int customer = 1;
  for (const Call& call : {Call{6.4, 280}, Call{11.2, 40}, Call{15.4, 430}}) {
    const std::string host = "203.0.113." + std::to_string(++customer * 40);
    scene.caller.sip = scene.caller.contact = host + ":5060";
    scene.caller.media = host + ":40000";
    scene.another("call-" + std::to_string(customer)).set_up(call.begin).hang_up(call.begin + 100);
    scene.talk(call.begin + 0.3, Party::caller).send(4900);
    rtp::test::Talk& talk = scene.talk(call.begin + 0.3, Party::callee);
    talk.send(call.packets).lose(50);
    for (int i = 0; i < 6; ++i) talk.send(kBefore).lose(50);
    talk.send(500);
  }
}

/// `outside`: rounds of which there is an outer capture. `others`: that are struck as well.
std::string said_of_edited_call(Holes holes, int outside = kRounds, bool others = false) {
  Scene scene;
  scene.caller.media = "192.168.1.10:40000";
  scene.callee.media = "198.51.100.20:50000";
  scene.set_up(1).hang_up(99);
  scene.talk(1.3, Party::caller).send(kPackets * kRounds);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < kRounds; ++i) holes == Holes::none ? talk.send(kPackets) : talk.send(kBefore).lose(50);
  if (others) strike_others(scene);
  sides::Router router = edited_call(holes, kRounds);
  router.outside = edited_call(holes, outside).outside;
  const sides::Comparison comparison = router.compare();
  return diagnosed(scene, &comparison);
}

TEST(Diagnosis, EditsAreNoCauseOfWhatBothSidesOfTheRouterLack) {
  const std::string good = said_of_edited_call(Holes::none);
  EXPECT_NE(good.find("alg-rewrites fail sip-alg"), std::string::npos) << good;
  EXPECT_EQ(causes(good), "call: none 0.00, then none 0.00\n");
  EXPECT_EQ(causes(said_of_edited_call(Holes::in_the_router)), "call: sip-alg 0.95, then none 0.00\n");
  const std::string bad = said_of_edited_call(Holes::before_the_router);
  EXPECT_EQ(causes(bad), "call: unknown 0.00, then none 0.00\n");
  const std::size_t begin = bad.find("alg-drop-outs ");
  EXPECT_EQ(bad.substr(begin, bad.find('\n', begin) - begin),
            "alg-drop-outs inconclusive unknown note 0.00: Media was discarded on a free path, but not by the router "
            "between the captures: in 7 cases both sides lack the same, so it was lost before it came there.");
}

TEST(Diagnosis, EditsAreNoCauseOfWhatTheOtherCaptureWasTooShortFor) {
  const std::string said = said_of_edited_call(Holes::before_the_router, 1);
  const std::size_t begin = said.find("alg-drop-outs ");
  EXPECT_EQ(said.substr(begin, said.find(':', begin) - begin), "alg-drop-outs inconclusive sip-alg note 0.40");
}

TEST(Diagnosis, WhatTheOtherCaptureWasTooShortForTakesNoProofAway) {
  EXPECT_EQ(causes(said_of_edited_call(Holes::in_the_router, kRounds - 1)), "call: sip-alg 0.95, then none 0.00\n");
}

TEST(Diagnosis, WhatOtherCustomersShareIsNotOfThisRouterHoweverLongItWasWatched) {
  for (const int outside : {kRounds, kRounds - 1}) {
    const std::string said = said_of_edited_call(Holes::in_the_router, outside, true);
    EXPECT_EQ(said.find("alg-drop-outs fail"), std::string::npos) << said;
    EXPECT_NE(said.find("other customers drop out at the same instants"), std::string::npos) << said;
  }
}

TEST(Diagnosis, WhatIsFoundOfAScannerIsANote) {
  Scene scene;
  const auto ask = [&scene](double time) {
    scene.request(time, Party::caller, "INVITE", 1, {.headers = "User-Agent: friendly-scanner", .sdp = "sendrecv"});
  };
  for (const double after : {0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5}) ask(1 + after);
  scene.another("answered");
  ask(50);
  for (int i = 0; i < 8; ++i) scene.response(50.1 + 4 * i, Party::callee, "401 Unauthorized", "1 INVITE");
  EXPECT_EQ(diagnosed(scene), R"(
nothing-answers fail none note 0.90: INVITE from 192.0.2.10:5060 to 198.51.100.20:5060 was sent 7 times within 31.5 s, and nothing came back. It calls itself friendly-scanner, which is a scanner.
  #1 1.000 INVITE of 394 octets
  calls 0
retransmission-storm fail none note 0.80: 401 was repeated 7 times, and its ACK was not seen. It calls itself friendly-scanner, which is a scanner.
  #9 50.100 401 from 198.51.100.20:5060 to 192.0.2.10:5060
  calls 1
call: none 0.00, then none 0.00
call: none 0.00, then none 0.00
)");
}

TEST(Diagnosis, WhatOneCallLacksIsNotToldWhereAnotherPassed) {
  Scene scene;
  scene.set_up(1).hang_up(3);
  scene.another("call-2").set_up(5).hang_up(20);
  scene.both_talk(5.3, 600, 600);
  Diagnosis diagnosis;
  std::uint32_t index = 0;
  for (const CallFacts& facts : scene.facts()) diagnosis.add(facts, index++, 0);
  diagnosis.finish({});
  std::string drop_outs;
  for (const finding::Finding& found : std::move(diagnosis).findings())
    if (found.rule.id == "drop-outs") drop_outs += test::text_of(found);
  EXPECT_EQ(drop_outs, "pass: No stream lost media for 200 ms or longer.\n");
}

finding::Result result_of(Verdict verdict, Cause cause, finding::Severity severity, Cause of_call) {
  static constexpr finding::Rule kRule{.id = "a-rule", .title = "", .needs = "", .why = "", .remedy = ""};
  finding::Result result;
  finding::Finding found = finding::Finding::fail(kRule, severity, 1, "Something.", {});
  found.verdict = verdict;
  found.cause = cause;
  found.calls = {0};
  result.findings.push_back(found);
  result.calls.resize(2);
  result.calls[0].attribution = {.cause = of_call, .confidence = 0.9};
  conclude(result, {});
  return result;
}
std::string said(const finding::Result& result) {
  return std::string(name(result.verdict)) + ", " + std::string(name(result.attribution.cause)) + ": " +
         result.sentence;
}

TEST(Conclude, ByTheWorstFindingAndTheCauseOfMostCalls) {
  using finding::Severity;
  EXPECT_EQ(said(result_of(Verdict::fail, Cause::alg, Severity::critical, Cause::alg)),
            "findings, sip-alg: 2 calls. 1 call: a SIP ALG.");
  EXPECT_EQ(said(result_of(Verdict::fail, Cause::not_proven, Severity::major, Cause::not_proven)),
            "findings, unknown: 2 calls. 1 call: something was wrong, the cause is not proven.");
  EXPECT_EQ(said(result_of(Verdict::fail, Cause::configuration, Severity::note, Cause::none)),
            "clean, none: 2 calls. Nothing was wrong that did harm; the findings note what else was seen.");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::alg, Severity::note, Cause::not_proven)),
            "inconclusive, unknown: 2 calls. 1 call: something was wrong, the cause is not proven.");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::none, Severity::note, Cause::none)),
            "clean, none: 2 calls. Nothing was wrong.");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::none, Severity::major, Cause::none)),
            "inconclusive, none: 2 calls. Nothing can be said of the calls, see the findings.");
  EXPECT_EQ(said(result_of(Verdict::pass, Cause::none, Severity::note, Cause::none)),
            "clean, none: 2 calls. Nothing was wrong.");
}

/// Of an input without calls.
std::string said(const std::vector<finding::Finding>& findings, std::size_t streams, const SignallingFacts& sip) {
  finding::Result result;
  result.findings = findings;
  result.streams.resize(streams);
  conclude(result, sip);
  return said(result);
}

TEST(Conclude, WhatHarmedNoCallIsNoCause) {
  EXPECT_EQ(
      said(result_of(Verdict::fail, Cause::alg, finding::Severity::minor, Cause::none)),
      "findings, none: 2 calls. No call was bad, but something was found that can make them so, see the findings.");
}

TEST(Conclude, WithoutCalls) {
  using finding::Finding;
  static constexpr finding::Rule kRule{
      .id = "a-rule", .title = "", .cause = Cause::not_proven, .needs = "", .why = "", .remedy = ""};
  EXPECT_EQ(said({}, 0, {}), "inconclusive, none: Nothing was found that is SIP or RTP.");
  EXPECT_EQ(said({}, 0, {.messages = 7}),
            "inconclusive, none: 7 SIP messages, none of a call, and no RTP: nothing to judge.");
  EXPECT_EQ(said({}, 0, {.messages = 40, .registrations = 2}),
            "clean, none: 40 SIP messages of 2 registrations, no call and no RTP. Nothing was wrong.");
  EXPECT_EQ(said({}, 2, {}), "clean, none: 2 streams without SIP. Nothing was wrong.");
  EXPECT_EQ(said({}, 12, {.parts = 10}), "clean, none: 12 streams of 2 talkers without SIP. Nothing was wrong.");
  Finding drop_outs = Finding::fail(kRule, finding::Severity::major, 1, "", {});
  EXPECT_EQ(said({drop_outs}, 2, {}),
            "findings, unknown: 2 streams without SIP. Something was wrong, see the findings; no cause is proven.");
  drop_outs.cause = Cause::jitter_wifi;
  EXPECT_EQ(said({drop_outs}, 2, {.messages = 3}), "findings, jitter: 2 streams without a call. The cause is " +
                                                       std::string(spoken(Cause::jitter_wifi)) + ".");
  Finding unread = Finding::inconclusive(kRule, "");
  unread.severity = finding::Severity::major;
  EXPECT_EQ(said({unread}, 0, {}), "inconclusive, none: SIP could not be read, see the findings.");
  EXPECT_EQ(said({unread}, 2, {}),
            "inconclusive, none: 2 streams without SIP. Nothing can be said of the calls, see the findings.");
}

}  // namespace
}  // namespace viaduct::diagnose
