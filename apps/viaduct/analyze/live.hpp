// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/analysis.hpp"
#include "os/problem.hpp"

#include <optional>
#include <string>

namespace viaduct::app::analyze {

/// Feeds what passes an interface ("any": all of them) into the analysis until SIGINT, SIGTERM or the end of
/// `duration`. The failure: it cannot be captured.
[[nodiscard]] os::Result<void> capture_live(Analysis& analysis, const std::string& interface,
                                            std::optional<base::Duration> duration);

}  // namespace viaduct::app::analyze
