// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/case_facts.hpp"
#include "finding/finding.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::diagnose {

/// A rule whose cause is proven by gaps of a kind, if there are enough of them.
struct GapClassRule {
  const finding::Rule& rule;
  /// The party that is the customer, if it is known.
  std::function<bool(const Onset&, std::optional<call::Party> customer)> counts;
  const char* what;  ///< "that packets were held and then came together"
  /// What they are instead where several customers have them at the same instants; nullptr: the same.
  const char* shared = nullptr;
  /// What they are instead where they are CommonHolds; nullptr: the same.
  const char* common = nullptr;
};

/// A failure for the calls where the gaps are enough (Tally), inconclusive for those where they are not.
[[nodiscard]] std::vector<finding::Finding> judge_gap_class(const GapClassRule& code, const CaseFacts& facts);

}  // namespace viaduct::diagnose
