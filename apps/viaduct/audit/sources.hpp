// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/audit.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace viaduct::app::audit {

using viaduct::audit::Source;

/// Longer files are no configurations.
inline constexpr std::size_t kMaxOctets = 64U << 20;

/// Hands out, in the order of names, each configuration of `paths`: files, directories with all below them (a `.git`
/// and other hidden folders left out, an OpenWrt as one text), tar and zip archives in them, `-` for the standard
/// input. What cannot be read is handed out with its problem. Symbolic links to directories are not followed. The error
/// is of a path that was named and is not there.
[[nodiscard]] std::expected<void, std::string> for_each_source(const std::vector<std::string>& paths,
                                                               const std::function<void(Source)>& take);

}  // namespace viaduct::app::audit
