// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace viaduct::gateway {

/// What is wrong with the arguments of a command and what to type next, in the form of `viaduct`.
[[nodiscard]] inline std::string usage_error(const CLI::App* app, const CLI::Error& error) {
  return app->get_name() + ": " + error.what() + "\ntry: " + app->get_name() + " --help\n";
}

}  // namespace viaduct::gateway
