// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/audit.hpp"
#include "audit/sources.hpp"
#include "finding/result.hpp"

#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace viaduct::app::audit {

/// All configurations of `sources` and then of `paths` as one result, judged on all cores; `judged` is called for each
/// device, in order, after it is in the result. The error is a sentence about a path.
[[nodiscard]] std::expected<finding::Result, std::string> run(
    std::vector<Source> sources, const std::vector<std::string>& paths, const viaduct::audit::Catalogue& catalogue,
    const std::function<void(const viaduct::audit::Audited&)>& judged);

}  // namespace viaduct::app::audit
