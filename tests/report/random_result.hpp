// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <cstdint>

namespace viaduct::report {

/// A result with anything in it that its types can hold, the same for the same seed.
[[nodiscard]] finding::Result random_result(std::uint64_t seed);

}  // namespace viaduct::report
