// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/timeline.hpp"

#include <string>

namespace viaduct::report {

/// Lanes over one axis as inline SVG, with each mark as text (<title>) and a summary for those who cannot see it.
/// `number` makes the ids of the page unique.
[[nodiscard]] std::string timeline_svg(const finding::Timeline& timeline, std::size_t number);

}  // namespace viaduct::report
