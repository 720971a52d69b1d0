// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/problem.hpp"

#include <string>

namespace viaduct::os {

/// Runs an nft script as one transaction in the caller's network namespace. Start and reload only: slow.
/// On failure Failure::action carries nft's own words with line and column; nothing was changed.
[[nodiscard]] Result<void> run_nft(const std::string& script);

/// The same without committing: syntax, names and, as far as nft -c can, the kernel's consent.
[[nodiscard]] Result<void> check_nft(const std::string& script);

/// `nft -j list ruleset` as text, all families and tables.
[[nodiscard]] Result<std::string> list_ruleset_json();

/// Any `list ...` command as nft prints it, e.g. "list table inet viaduct".
[[nodiscard]] Result<std::string> list_nft(const std::string& command);

}  // namespace viaduct::os
