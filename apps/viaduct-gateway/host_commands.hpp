// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace viaduct::os {
class Host;
}

namespace viaduct::gateway {

/// Whether the first argument names a command for this host ("disable-kernel-alg", "firewall-rule").
[[nodiscard]] bool is_host_command(std::span<const std::string> arguments);

/// Runs it; `arguments` without the program's name, the command first. Returns the exit code: 0 nothing left to do,
/// 1 something was found, is missing or was refused, 2 wrong usage, 3 the system does not let us look or act.
/// `program` is the name in its help: "viaduct gateway" runs these commands too.
[[nodiscard]] int run_host_command(const std::string& program, std::span<const std::string> arguments);
/// The same with the box and the streams given: answers to `out`, talk to `err`.
[[nodiscard]] int run_host_command(const std::string& program, std::span<const std::string> arguments, os::Host& host,
                                   std::ostream& out, std::ostream& err);

}  // namespace viaduct::gateway
