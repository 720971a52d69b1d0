// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/finding.hpp"

#include <utility>

namespace viaduct::finding {

Finding Finding::fail(const Rule& rule, Severity severity, double confidence, std::string statement, Evidence proof) {
  Finding finding;
  finding.rule = rule;
  finding.verdict = Verdict::fail;
  finding.cause = rule.cause;
  finding.severity = severity;
  finding.confidence = confidence;
  finding.statement = std::move(statement);
  finding.evidence.push_back(std::move(proof));
  return finding;
}

Finding Finding::pass(const Rule& rule, double confidence, std::string statement) {
  Finding finding;
  finding.rule = rule;
  finding.verdict = Verdict::pass;
  finding.confidence = confidence;
  finding.statement = std::move(statement);
  return finding;
}

Finding Finding::not_applicable(const Rule& rule, std::string statement) {
  Finding finding;
  finding.rule = rule;
  finding.statement = std::move(statement);
  return finding;
}

Finding Finding::inconclusive(const Rule& rule, std::string statement) {
  Finding finding;
  finding.rule = rule;
  finding.verdict = Verdict::inconclusive;
  finding.statement = std::move(statement);
  return finding;
}

}  // namespace viaduct::finding
