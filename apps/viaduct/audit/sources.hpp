// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace viaduct::app::audit {

/// One configuration that is to be read.
struct Source {
  std::string name;       ///< as it is shown: "backups.tar.gz:site7/r1.cfg"
  std::string octets;     ///< at most kMaxOctets
  std::string problem{};  ///< why there are none: "cannot be read: Permission denied"
};

/// Longer files are no configurations.
inline constexpr std::size_t kMaxOctets = 64U << 20;

/// Hands out, in the order of names, each configuration of `paths`: files, directories with all below them (a `.git`
/// and other hidden folders left out, an OpenWrt as one text), tar and zip archives in them, `-` for the standard
/// input. What cannot be read is handed out with its problem. Symbolic links to directories are not followed. The error
/// is of a path that was named and is not there.
[[nodiscard]] std::expected<void, std::string> for_each_source(const std::vector<std::string>& paths,
                                                               const std::function<void(Source)>& take);

}  // namespace viaduct::app::audit
