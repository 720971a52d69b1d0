// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>

namespace viaduct::report {

/// Tables by RFC 4180 with a heading, lines end in CRLF. Captured text is escaped as for a terminal, so a record is
/// one line, and an apostrophe stands before text that a spreadsheet would take for a formula. Times are RFC 3339.
[[nodiscard]] std::string calls_csv(const finding::Result& result);
[[nodiscard]] std::string streams_csv(const finding::Result& result);
[[nodiscard]] std::string gaps_csv(const finding::Result& result);

/// One row a device, the worst first.
[[nodiscard]] std::string devices_csv(const finding::Result& result);

}  // namespace viaduct::report
