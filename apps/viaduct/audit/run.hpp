// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/audit.hpp"
#include "finding/result.hpp"

#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace viaduct::app::audit {

/// All configurations of `paths` as one result, judged on all cores; `judged` is called for each, in order, after it is in the result.
/// The error is a sentence about a path.
[[nodiscard]] std::expected<finding::Result, std::string> run(const std::vector<std::string>& paths, const viaduct::audit::Catalogue& catalogue,
                                                              const std::function<void(const viaduct::audit::Audited&)>& judged);

}  // namespace viaduct::app::audit
