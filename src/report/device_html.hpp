// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <cstddef>
#include <string>

namespace viaduct::report {

/// The devices of an audit as a table, the worst first, at most `rows` of them: what each is, its state, its worst
/// finding (which the first cell leads to) and its UDP timers. Empty without devices.
[[nodiscard]] std::string devices_html(const finding::Result& result, std::size_t rows);

}  // namespace viaduct::report
