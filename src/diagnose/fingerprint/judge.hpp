// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/fingerprint/fleet.hpp"
#include "diagnose/fingerprint/history.hpp"
#include "diagnose/fingerprint/source_evidence.hpp"

namespace viaduct::diagnose::fingerprint {

/// Whether an address speaks for itself: not a registrar, not a proxy of the platform.
[[nodiscard]] bool is_customer(const Source& source);

/// Weighs what an address showed. Pure.
[[nodiscard]] SourceEvidence judge(const Source& source, const Fleet& fleet);

}  // namespace viaduct::diagnose::fingerprint
