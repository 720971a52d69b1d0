// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/problem.hpp"
#include "os/process.hpp"

#include <functional>
#include <string>
#include <vector>

namespace viaduct::app::audit {

/// What is asked of a machine: programs by their arguments, files by their paths. Tests answer from what was recorded.
struct Machine {
  /// An exit code other than 0 is an answer; `not_found`: there is no such program.
  std::function<os::Result<os::ProcessOutcome>(const std::vector<std::string>& arguments)> run;
  std::function<os::Result<std::string>(const std::string& path)> read;
  std::function<std::vector<std::string>(const std::string& folder)> list;  ///< names in it; none, if it is not there
};
/// The one this process runs on, in its network namespace. No shell, bounded time and output.
[[nodiscard]] Machine this_machine();

/// What it answered, as a text that `viaduct audit` reads like any other (src/audit/sections.hpp), with what could not
/// be read.
struct Transcript {
  std::string text;
  bool anything = false;  ///< at least one rule set, module list, setting or table could be read
};
/// Asks for what gives flows the SIP helper (nftables, iptables, sysctls, modules), flows that carry it, UDP timers and
/// queues. Changes nothing.
[[nodiscard]] Transcript ask(const Machine& machine);

/// The same with secrets masked line by line, to be kept or sent.
[[nodiscard]] std::string to_keep(const std::string& transcript);

}  // namespace viaduct::app::audit
