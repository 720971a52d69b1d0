// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>

namespace viaduct::report {

/// A message before and after a box, line beside line, with what was changed marked, and a table of the changes.
[[nodiscard]] std::string diff_html(const finding::Result& result, const finding::ByteDiff& diff);

}  // namespace viaduct::report
