// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>

namespace viaduct::report {

/// One page that needs nothing else: no script, no network, styles within, light or dark as the reader has it, and
/// printable. Captured text is escaped for terminals first, then for HTML. `result` went through finding::limit().
[[nodiscard]] std::string to_html(const finding::Result& result);

}  // namespace viaduct::report
