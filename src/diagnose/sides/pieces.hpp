// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/field.hpp"

#include <vector>

namespace viaduct::diagnose::sides {

/// One line of a message with its continuation lines and its line end.
struct Line {
  Field field;  ///< Part::whole
  Range range;
};

/// A part of a line.
struct Piece {
  Field field;
  Range range;
};

/// The lines of a message, one behind the other from its first octet to its last. What cannot be read as SIP is cut at
/// its line feeds. Fields and ranges are views into `message`.
[[nodiscard]] std::vector<Line> lines_of(Bytes message);

/// The pieces of a line of it, one behind the other from its first octet to its last; none is empty.
[[nodiscard]] std::vector<Piece> pieces_of(Bytes message, const Line& line);

/// The named parts of an SDP line: in order, not overlapping. For pieces_of().
void sdp_parts(Bytes message, const Line& line, std::vector<Piece>& parts);
/// The same for a header whose value is `value`.
void header_parts(Bytes message, const Line& line, Range value, std::vector<Piece>& parts);
/// The same for a URI in the start line.
void uri_parts(Bytes message, const Field& field, Range uri, std::vector<Piece>& parts);

}  // namespace viaduct::diagnose::sides
