// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <string>

namespace viaduct::base {

/// Where an offset stands for a person: lines end in CRLF, LF or CR, both count from 1, columns are octets.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  Range text;  ///< the line without its end
};
[[nodiscard]] Place place_of(Bytes octets, std::uint32_t offset);

/// The line of a place, escaped, and a second line with a caret below the octet and ~ below the rest of
/// `length`. Of long lines the surroundings are shown, with "..." where something was left out.
struct Excerpt {
  std::string line;
  std::string marker;
};
[[nodiscard]] Excerpt excerpt_of(Bytes octets, Range where);

}  // namespace viaduct::base
