// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/case_facts.hpp"

#include <span>
#include <vector>

namespace viaduct::diagnose::fingerprint {

/// What drop-outs are held against: the addresses before which an ALG is proven, and those where
/// a phone that uses STUN would look the same.
[[nodiscard]] std::vector<AlgSign> alg_signs_of(std::span<const SourceEvidence> sources);

}  // namespace viaduct::diagnose::fingerprint
