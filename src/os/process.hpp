// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "os/problem.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace viaduct::os {

struct ProcessOptions {
  std::string input;                                ///< for standard input
  base::Duration limit = std::chrono::seconds(10);  ///< then it is killed and the result is timed_out
  std::size_t most_output = 16 * 1024 * 1024;       ///< octets of each stream; more is too_big
};

struct ProcessOutcome {
  int exit_code = 0;  ///< 128 + signal number when a signal ended it, as shells count
  std::string output;
  std::string errors;

  [[nodiscard]] bool ok() const { return exit_code == 0; }
};

/// Runs a program found in PATH with exactly these arguments: no shell, LC_ALL=C, no inherited descriptors but the
/// three standard ones, a process group of its own. An exit code other than 0 is an outcome, not a failure.
[[nodiscard]] Result<ProcessOutcome> run(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

}  // namespace viaduct::os
