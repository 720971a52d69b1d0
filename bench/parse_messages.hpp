// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace viaduct::bench {

struct Sample {
  std::string name;
  std::string octets;  ///< with CRLF
};

/// The messages that all parsers read, made for this purpose. The INVITE of the desk phone has exactly
/// 758 octets, the size that earlier measurements of other parsers used.
[[nodiscard]] std::vector<Sample> samples();

}  // namespace viaduct::bench
