// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <vector>

namespace viaduct::faults {

/// What is looked at by itself.
struct Piece {
  base::Bytes octets;
  bool whole = true;  ///< false: a TCP segment ends, or begins, in the middle of it
};

/// The payload of one packet cut into what is looked at separately: a datagram is one piece; a TCP segment is cut
/// behind each message that is whole in it, and its rest is a piece of its own. Together they are the payload.
[[nodiscard]] std::vector<Piece> pieces_of(base::Bytes payload, bool tcp);

}  // namespace viaduct::faults
