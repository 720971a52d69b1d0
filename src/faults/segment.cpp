// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/segment.hpp"

#include "sip/framer.hpp"

namespace viaduct::faults {

std::vector<Piece> pieces_of(base::Bytes payload, bool tcp) {
  std::vector<Piece> pieces;
  while (tcp && !payload.empty()) {
    const sip::Frame frame = sip::next_frame(payload);
    if (frame.outcome != sip::FrameOutcome::complete) break;
    pieces.push_back({payload.substr(0, frame.consumed)});
    payload.remove_prefix(frame.consumed);
  }
  if (!payload.empty() || !tcp) pieces.push_back({payload, !tcp});
  return pieces;
}

}  // namespace viaduct::faults
