// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace viaduct::app {

/// Exit codes of every subcommand.
enum Exit : int {
  clean = 0,
  findings = 1,
  wrong_usage = 2,
  environment = 3,  ///< a file, a socket or the machine did not do its part
};

/// What a subcommand does once its arguments are read; returns an Exit.
using Run = std::function<int()>;

struct Command {
  const char* name;
  const char* summary;
  /// Adds options and examples to the subcommand; the result may keep what it needs.
  Run (*add)(CLI::App& command);
};

#define VIADUCT_COMMAND(name, summary) Run add_##name(CLI::App& command);
#include "commands/table.def"
#undef VIADUCT_COMMAND

}  // namespace viaduct::app
