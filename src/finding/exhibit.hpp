// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/byte_diff.hpp"
#include "finding/ladder.hpp"
#include "finding/table.hpp"
#include "finding/timeline.hpp"

#include <variant>

namespace viaduct::finding {

/// What is shown beside a finding, as data: reports draw it.
using Exhibit = std::variant<Ladder, Table, ByteDiff, Timeline>;

}  // namespace viaduct::finding
