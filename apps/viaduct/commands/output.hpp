// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "commands/command.hpp"

#include <cstddef>
#include <string>

namespace viaduct::app {

/// Writes the result of `viaduct COMMAND` to the standard output. Returns `exit`, or Exit::environment with a sentence
/// on the standard error output if it cannot be written whole.
[[nodiscard]] int put(const char* command, const std::string& text, int exit = Exit::clean);

/// Writes what `viaduct COMMAND` made into a file. False, with a sentence on the standard error output, if it cannot be
/// written whole.
[[nodiscard]] bool write_file(const char* command, const std::string& path, const std::string& text);

/// Whether both names lead to one file, by links, too. False where one of them is not there.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

/// Whether the standard output is a terminal whose user has nothing against colours.
[[nodiscard]] bool wants_colours();
/// Columns of the terminal; 160 if the standard output is none.
[[nodiscard]] std::size_t terminal_width();

}  // namespace viaduct::app
