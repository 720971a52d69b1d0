// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "commands/command.hpp"

#include <string>

namespace viaduct::app {

/// Writes the result of `viaduct COMMAND` to the standard output. Returns `exit`, or Exit::environment with a sentence
/// on the standard error output if it cannot be written whole.
[[nodiscard]] int put(const char* command, const std::string& text, int exit = Exit::clean);

}  // namespace viaduct::app
