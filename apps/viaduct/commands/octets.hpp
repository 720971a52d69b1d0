// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace viaduct::app {

/// All octets of a file, or of the standard input for "-".
struct Octets {
  std::string bytes;
  std::string error;  ///< empty if all could be read, else the system's reason
};
[[nodiscard]] Octets read_octets(const std::string& file);

}  // namespace viaduct::app
