// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <expected>
#include <string>
#include <vector>

namespace viaduct::cases {

/// One message of a case with its own octets.
struct CaseSighting {
  std::string octets;
  call::Sighting sighting;  ///< without octets: use of()

  [[nodiscard]] call::Sighting of() const {
    call::Sighting seen = sighting;
    seen.octets = octets;
    return seen;
  }
};

/// The messages of a case as tests/call/README.md describes them; the error is a sentence about a line.
[[nodiscard]] std::expected<std::vector<CaseSighting>, std::string> read_sightings(const std::string& text);

/// The file with the report as it is now behind its messages.
[[nodiscard]] std::expected<std::string, std::string> run_call_case(const std::string& text);

}  // namespace viaduct::cases
