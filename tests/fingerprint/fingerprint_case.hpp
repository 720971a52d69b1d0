// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <expected>
#include <string>

namespace viaduct::cases {

/// The file with the items and verdicts of now; README.md here describes the format. The error is a sentence about a
/// line that cannot be read.
[[nodiscard]] std::expected<std::string, std::string> run_fingerprint_case(const std::string& text);

}  // namespace viaduct::cases
