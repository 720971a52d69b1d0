// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/ladder.hpp"

#include <string>

namespace viaduct::report {

/// A ladder as a table whose rows look like arrows between the lines of the participants; whoever hears it is told from
/// whom to whom. Of long ones the beginning and the end.
/// `label` names the region it scrolls in, other than those of other ladders of the page.
[[nodiscard]] std::string ladder_html(const finding::Ladder& ladder, const std::string& label);

}  // namespace viaduct::report
