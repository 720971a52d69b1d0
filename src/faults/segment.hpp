// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::faults {

/// How an ALG that keeps no stream finds messages in a TCP segment.
enum class SegmentRule : std::uint8_t {
  messages,     ///< by their borders (RFC 3261 section 18.3): what is whole in the segment is read
  linux_kernel  ///< as nf_conntrack_sip: whatever the segment begins with ends where its Content-Length says
};

/// What is looked at by itself.
struct Piece {
  base::Bytes octets;
  bool whole = true;  ///< false: passes unread; a TCP segment ends, or begins, in the middle of it
};

/// The payload of one packet, cut. Together the pieces are the payload.
struct Pieces {
  std::vector<Piece> list;
  bool counted = true;  ///< false: sequence numbers do not follow what becomes longer or shorter
};

/// A datagram is one piece.
[[nodiscard]] Pieces pieces_of_datagram(base::Bytes payload);
/// A segment is cut behind each message that is found in it, and its rest is a piece of its own.
[[nodiscard]] Pieces pieces_of_segment(base::Bytes payload, SegmentRule rule);

}  // namespace viaduct::faults
