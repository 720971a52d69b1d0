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
  EXPECT_EQ(diagnosed(scene), R"()");
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
  EXPECT_EQ(diagnosed(scene), R"()");
}

TEST(Diagnosis, ANoteIsNoCauseOfACall) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  scene.talk(1.3, Party::caller).send(900);
  rtp::test::Talk& bare = scene.talk(1.3, Party::callee);
  bare.dscp = 0;
  bare.send(900);
  EXPECT_EQ(diagnosed(scene), R"()");
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
  EXPECT_EQ(said(result_of(Verdict::fail, Cause::alg, Severity::critical, Cause::alg)), "");
  EXPECT_EQ(said(result_of(Verdict::fail, Cause::not_proven, Severity::major, Cause::not_proven)), "");
  EXPECT_EQ(said(result_of(Verdict::fail, Cause::configuration, Severity::note, Cause::none)), "");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::alg, Severity::note, Cause::not_proven)), "");
  EXPECT_EQ(said(result_of(Verdict::inconclusive, Cause::none, Severity::note, Cause::none)), "");
  EXPECT_EQ(said(result_of(Verdict::pass, Cause::none, Severity::note, Cause::none)), "");
  finding::Result nothing;
  conclude(nothing);
  EXPECT_EQ(said(nothing), "");
}

}  // namespace
}  // namespace viaduct::diagnose
