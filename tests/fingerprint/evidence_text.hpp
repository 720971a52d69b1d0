// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/fingerprint/observation.hpp"
#include "diagnose/fingerprint/source_evidence.hpp"
#include "finding/finding.hpp"

#include <span>
#include <string>

namespace viaduct::cases {

/// What one message shows, a line for each item with the octets that it is about.
[[nodiscard]] std::string text_of(const diagnose::fingerprint::Observation& seen, base::Bytes octets);
/// The evidence of each address, a paragraph each.
[[nodiscard]] std::string text_of(std::span<const diagnose::fingerprint::SourceEvidence> sources);

/// What a rule says, without its exhibits.
[[nodiscard]] std::string text_of(const finding::Finding& found);

}  // namespace viaduct::cases
