// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace viaduct::base {

/// All of `parts` in one text, with `between` between any two.
[[nodiscard]] inline std::string joined(const std::vector<std::string>& parts, Bytes between) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != parts.data()) text += between;
    text += part;
  }
  return text;
}

}  // namespace viaduct::base
