// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <cstddef>
#include <string>

namespace viaduct::report {

/// What of a result a person wants to see, and on what.
struct TextOptions {
  std::size_t width = 100;   ///< columns of the terminal; at least 40 are used
  bool colours = false;      ///< SGR sequences
  bool calls = false;        ///< all calls, not only the worst
  bool streams = false;      ///< tables of all streams and of their gaps
  bool passed = false;       ///< rules that passed or did not apply, too
  std::size_t evidence = 3;  ///< pieces for each finding
};

/// The report for a person: verdict, worst calls, findings with evidence, tables. No octet of the input reaches the
/// terminal but through base::escape(). `result` went through finding::limit().
[[nodiscard]] std::string to_text(const finding::Result& result, const TextOptions& options);

/// The ladder of one call, as `--follow` shows it.
[[nodiscard]] std::string ladder_text(const finding::Ladder& ladder, std::size_t width);

}  // namespace viaduct::report
