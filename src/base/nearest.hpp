// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <span>

namespace viaduct::base {

/// How many single-character insertions, deletions, replacements and swaps of neighbours lie between the two.
[[nodiscard]] std::size_t edit_distance(Bytes a, Bytes b);

/// The candidate that `word` is probably meant to be, in whatever case it is written; empty when none is near. One
/// letter may be wrong, and one more for each three, but not four, and not half of the candidate. Candidates are in
/// lower case.
[[nodiscard]] Bytes nearest(Bytes word, std::span<const Bytes> candidates);

}  // namespace viaduct::base
