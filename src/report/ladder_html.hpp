// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/ladder.hpp"

#include <string>

namespace viaduct::report {

/// A ladder as a table whose rows look like arrows between the lines of the participants; whoever hears it is told from
/// whom to whom. Of long ones the beginning and the end.
[[nodiscard]] std::string ladder_html(const finding::Ladder& ladder);

}  // namespace viaduct::report
