// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/diagnosis.hpp"

#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using call::Party;
using finding::Cause;
using finding::Verdict;
using test::Scene;

/// What the rules say of all calls of a scene: failures and what is open, then what is said of each call.
std::string diagnosed(Scene& scene) {
  Diagnosis diagnosis;
  std::uint32_t calls = 0;
  std::uint32_t streams = 0;
  for (const CallFacts& facts : scene.facts()) {
    diagnosis.add(facts, calls++, streams);
    streams += static_cast<std::uint32_t>(facts.streams.size());
  }
  diagnosis.finish({.alg_signs = scene.signs});
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
    scene.another("call-" + std::to_string(i)).set_up(10 * i).hang_up(10 * i + 9);
    scene.talk(10 * i + 0.3, Party::callee).send(100).lose(20 * i).send(100);
    scene.talk(10 * i + 0.3, Party::caller).send(300);
  }
  EXPECT_EQ(diagnosed(scene), R"(
drop-outs fail unknown major 1.00: 1 drop-out, 0.80 s without media in all. The like in 2 more.
  #30100 22.300 nothing to play towards the caller for 0.80 s, class L
  #10100 12.300 nothing to play towards the caller for 0.40 s, class L
  #50100 32.300 nothing to play towards the caller for 1.20 s, class L
  calls 1 0 2
  streams 2 0 4
alg-drop-outs inconclusive sip-alg note 0.40: Media is discarded on a free path: too few for a rhythm (six of one call, or four in each of three calls); capture longer calls, and both sides of the router (--other-side).
  #10100 12.300 media towards the caller stops for 0.40 s, 20 packets are missing (L, hard hole: discarded on the path)
  #30100 22.300 media towards the caller stops for 0.80 s, 40 packets are missing (L, hard hole: discarded on the path)
  #50100 32.300 media towards the caller stops for 1.20 s, 60 packets are missing (L, hard hole: discarded on the path)
  calls 0 1 2
  streams 0 2 4
call: unknown 0.00, then sip-alg 0.40
call: unknown 0.00, then sip-alg 0.40
call: unknown 0.00, then sip-alg 0.40
)");
}

TEST(Diagnosis, AProvenCauseGoesBeforeOthers) {
  Scene scene;
  scene.set_up(1).hang_up(150);
  scene.talk(1.3, Party::caller).send(7000);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < 6; ++i) talk.send(500).hold(40);
  talk.send(500).lose(50).send(500);
  scene.another("call-2").set_up(200).hang_up(220);
  scene.talk(200.3, Party::caller).send(900);
  scene.talk(200.3, Party::callee).send(900);
  EXPECT_EQ(diagnosed(scene), R"(
drop-outs fail unknown major 1.00: 7 drop-outs, 5.68 s without media in all.
  #20500 11.300 nothing to play towards the caller for 0.78 s, class H
  #21040 22.100 nothing to play towards the caller for 0.78 s, class H
  #21580 32.900 nothing to play towards the caller for 0.78 s, class H
  #22120 43.700 nothing to play towards the caller for 0.78 s, class H
  and 3 more
  calls 0
  streams 1
one-way-audio inconclusive none note 0.00: Media towards the caller ceased and did not come back, while the caller was heard for another 54.2 s. Its sender may have been muted, or media may have been lost: nothing here tells.
  #24240 87.080 last packet towards the caller
  calls 0
alg-drop-outs inconclusive sip-alg note 0.40: Media is discarded on a free path: too few for a rhythm (six of one call, or four in each of three calls); capture longer calls, and both sides of the router (--other-side).
  #23740 76.100 media towards the caller stops for 1.00 s, 50 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
held-and-released fail jitter major 0.90: 6 times that packets were held and then came together, for 0.78 s at most.
  #0 - call at 00:00:01 alone, 6 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 0.3 at 44.9 s: by chance 1.0
  #0 - clock: not to be told from one call, which keeps to all of them
  #20500 11.300 media towards the caller stops for 0.78 s (H, held and released)
  #21040 22.100 media towards the caller stops for 0.78 s (H, held and released)
  #21580 32.900 media towards the caller stops for 0.78 s (H, held and released)
  #22120 43.700 media towards the caller stops for 0.78 s (H, held and released)
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

TEST(Diagnosis, WhatOneCallLacksIsNotToldWhereAnotherPassed) {
  Scene scene;
  scene.set_up(1).hang_up(3);
  scene.another("call-2").set_up(5).hang_up(20);
  scene.talk(5.3, Party::caller).send(600);
  scene.talk(5.3, Party::callee).send(600);
  Diagnosis diagnosis;
  std::uint32_t index = 0;
  for (const CallFacts& facts : scene.facts()) diagnosis.add(facts, index++, 0);
  diagnosis.finish({});
  std::string drop_outs;
  for (const finding::Finding& found : std::move(diagnosis).findings())
    if (found.rule.id == "drop-outs") drop_outs += test::text_of(found);
  EXPECT_EQ(drop_outs, "pass: No stream was without media for 200 ms or longer.\n");
}

finding::Result result_of(Verdict verdict, Cause cause, finding::Severity severity, Cause of_call) {
  static constexpr finding::Rule kRule{.id = "a-rule", .title = "", .needs = "", .why = "", .remedy = ""};
  finding::Result result;
  finding::Finding found = finding::Finding::fail(kRule, severity, 1, "Something.", {});
  found.verdict = verdict;
  found.cause = cause;
  result.findings.push_back(found);
  result.calls.resize(2);
  result.calls[0].attribution = {.cause = of_call, .confidence = 0.9};
  conclude(result);
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
            "clean, none: 2 calls. Nothing was wrong.");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::alg, Severity::note, Cause::not_proven)),
            "inconclusive, unknown: 2 calls. 1 call: something was wrong, the cause is not proven.");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::none, Severity::note, Cause::none)),
            "clean, none: 2 calls. Nothing was wrong.");
  EXPECT_EQ(said(result_of(Verdict::pass, Cause::none, Severity::note, Cause::none)),
            "clean, none: 2 calls. Nothing was wrong.");
  finding::Result nothing;
  conclude(nothing);
  EXPECT_EQ(said(nothing), "inconclusive, none: Nothing was found that is SIP or RTP.");
}

}  // namespace
}  // namespace viaduct::diagnose
