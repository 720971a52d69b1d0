// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/cause.hpp"
#include "finding/evidence.hpp"
#include "finding/exhibit.hpp"
#include "finding/rule.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

enum class Verdict : std::uint8_t {
  fail,            ///< the fault is there, and the evidence proves it
  pass,            ///< the fault would have been seen, and is not there
  not_applicable,  ///< the input has nothing that this rule judges
  inconclusive,    ///< it has, but not enough of it
  last
};
/// fail, pass, not_applicable, inconclusive.
[[nodiscard]] Bytes name(Verdict verdict);

/// How bad it is for those who speak. `note` is worth knowing and no fault of a call.
enum class Severity : std::uint8_t { note, minor, major, critical, last };
[[nodiscard]] Bytes name(Severity severity);

/// What a rule says of an input. Made by the functions below, so that none says `fail` without evidence.
struct Finding {
  Rule rule;
  Verdict verdict = Verdict::not_applicable;
  Cause cause = Cause::none;  ///< the rule's, unless this case speaks for another one
  Severity severity = Severity::note;
  double confidence = 0;                  ///< 0 to 1, of the verdict
  std::string statement;                  ///< what was found here, or why there is no verdict: one or two sentences
  std::vector<std::string> behaviours{};  ///< ids of the failure catalogue, e.g. B02
  std::string family{};                   ///< ALG implementation the changes point to, empty if none
  std::vector<Evidence> evidence{};
  std::uint32_t evidence_left_out = 0;
  std::string remedy{};  ///< for this case; empty: the rule's
  std::vector<Exhibit> exhibits{};
  std::vector<std::uint32_t> calls{};    ///< indices into Result::calls that it is about; empty: the whole input
  std::vector<std::uint32_t> streams{};  ///< indices into Result::streams

  static constexpr std::size_t kMaxEvidence = 32;
  static constexpr std::size_t kMaxExhibits = 8;
  static constexpr std::size_t kMaxBehaviours = 32;

  /// The fault is there. `confidence` 0 to 1.
  [[nodiscard]] static Finding fail(const Rule& rule, Severity severity, double confidence, std::string statement,
                                    Evidence proof);
  [[nodiscard]] static Finding pass(const Rule& rule, double confidence, std::string statement);
  [[nodiscard]] static Finding not_applicable(const Rule& rule, std::string statement);
  [[nodiscard]] static Finding inconclusive(const Rule& rule, std::string statement);

  /// What to do about it.
  [[nodiscard]] Bytes advice() const VIADUCT_LIFETIME_BOUND { return remedy.empty() ? rule.remedy : Bytes(remedy); }

 private:
  Finding() = default;
};

}  // namespace viaduct::finding
