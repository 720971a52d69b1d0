// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/fingerprint/source_evidence.hpp"

#include <optional>
#include <string>
#include <vector>

namespace viaduct::cases {

/// The fingerprints in captures that were taken at one point; nullopt if one cannot be read.
[[nodiscard]] std::optional<std::vector<diagnose::fingerprint::SourceEvidence>> judge_captures(
    const std::vector<std::string>& paths);

}  // namespace viaduct::cases
