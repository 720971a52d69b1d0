// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>

namespace viaduct::report {

/// A finding with its remedy, evidence and exhibits; its id is "finding-INDEX". `pictures` counts those of the page.
[[nodiscard]] std::string finding_html(const finding::Result& result, std::uint32_t index, std::size_t& pictures);

/// A verdict for people: "fault", "passed", "does not apply", "not proven".
[[nodiscard]] std::string_view words(finding::Verdict verdict);

}  // namespace viaduct::report
