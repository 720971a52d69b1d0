// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/audit.hpp"

#include <set>
#include <string>

namespace viaduct::app::audit {

/// The script for one device: check, backup, change, clear and restart as comments unless `include_restart`, verify,
/// undo as comments. Empty for a device on which there is nothing to change, or whose product has no commands. Lines
/// that nothing backs or that hold blanks in angles are comments, too, and the script says so on top: it can be run as
/// it is without doing what nobody checked.
[[nodiscard]] std::string fix_script(const viaduct::audit::Audited& one, const viaduct::audit::Catalogue& catalogue,
                                     bool include_restart);

/// A file name of letters, digits, dots and dashes for that device, not among `taken`, to which it is added.
[[nodiscard]] std::string script_name(const viaduct::audit::Audited& one, std::set<std::string>& taken);

}  // namespace viaduct::app::audit
