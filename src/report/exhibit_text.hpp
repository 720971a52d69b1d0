// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/exhibit.hpp"

#include <cstddef>
#include <string>

namespace viaduct::report {

/// An exhibit for a terminal, each line behind two blanks.
[[nodiscard]] std::string exhibit_text(const finding::Exhibit& exhibit, std::size_t width);

}  // namespace viaduct::report
