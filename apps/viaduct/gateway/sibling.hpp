// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace viaduct::client {

/// Becomes another program of this product: the one beside this executable, else in sbin beside bin, else in PATH.
/// `called` is the name it has in its help: what the user typed.
/// Returns (with exit code 3) only if it is not there.
[[nodiscard]] int run_sibling(const std::string& program, const std::string& called,
                              const std::vector<std::string>& arguments);

}  // namespace viaduct::client
