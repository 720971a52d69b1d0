// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/finding.hpp"

#include <cstdint>

namespace viaduct::diagnose {

/// What a rule says of the media of one call, which was held back until the other side of the router was known.
struct HeldFinding {
  finding::Finding finding;        ///< Finding::streams as the rule gives them
  std::uint32_t call = 0;          ///< as Diagnosis::add() got it
  std::uint32_t first_stream = 0;  ///< the same
};

}  // namespace viaduct::diagnose
