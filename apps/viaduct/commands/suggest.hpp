// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace viaduct::app {

/// The word that was probably meant: at most two letters added, removed, changed or swapped, and fewer than
/// half of the word. Empty if nothing is near.
[[nodiscard]] std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace viaduct::app
