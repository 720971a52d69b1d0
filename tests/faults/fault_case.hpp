// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <expected>
#include <set>
#include <string>

namespace viaduct::cases {

/// One file of tests/faults/cases; README.md there describes the format.
struct FaultCase {
  std::string rewritten;           ///< the file with what the box does now
  std::set<std::string> switched;  ///< behaviours that some box of the file has
  std::set<std::string> settings;  ///< "A04.mode=fill", and "A04.mode=strip" where the fallback was left
};

/// Runs all steps of a case; the error is a sentence about a line that cannot be read.
[[nodiscard]] std::expected<FaultCase, std::string> run_case(const std::string& text);

}  // namespace viaduct::cases
