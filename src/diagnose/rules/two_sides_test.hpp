// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/finding_text_test.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/router_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::diagnose::rules::test {

using diagnose::test::seen_verdicts;
using sides::Router;

/// What a rule on two captures says, a line for each finding.
inline std::string told(const CaseRule& rule, const sides::Comparison* comparison) {
  std::string lines;
  for (const finding::Finding& found : rule.judge({.other_side = comparison})) {
    seen_verdicts().emplace(found.rule.id, found.verdict);
    lines += std::string(finding::name(found.verdict));
    if (found.verdict == finding::Verdict::fail) {
      lines += ", " + std::string(finding::name(found.severity)) + ", " + std::string(finding::name(found.cause));
      EXPECT_FALSE(found.evidence.empty());
    }
    for (const std::string& behaviour : found.behaviours) lines += ", " + behaviour;
    lines += ": " + found.statement + "\n";
  }
  return lines;
}
inline std::string told(const CaseRule& rule, const Router& router) {
  const sides::Comparison comparison = router.compare();
  return told(rule, &comparison);
}

/// A call whose INVITE and REGISTER the router edits.
inline Router with(const Router::Edit& edit, const std::string& sdp = Router::sdp("192.168.1.10", 40000),
                   const std::string& headers = "") {
  Router router;
  router.registers(0);
  router.out(1, router.request("INVITE", 2, sdp, headers), edit);
  router.in(1.1, router.response(200, "INVITE", 2, Router::sdp("198.51.100.20", 50000)));
  router.audio(2, 100, true);
  router.registers(20, 3);
  return router;
}

inline const Router::Edit kNone;
inline const std::string kElse = "what time is it?";
inline const Router::Edit kTrue = Router::replacing("192.168.1.10", "203.0.113.2");

}  // namespace viaduct::diagnose::rules::test
