// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/segment.hpp"

#include "base/text.hpp"
#include "faults/kernel_text.hpp"
#include "sip/framer.hpp"

#include <limits>

namespace viaduct::faults {
namespace {

/// Of a message at the front, more than `text` if its end is not there; 0 if there is none.
std::size_t kernel_length(base::Bytes text) {
  const kernel_text::Found length = kernel_text::find_field(text, kernel_text::Field::content_length);
  if (length.state != kernel_text::Found::State::usable) return 0;
  const std::size_t head = text.find("\r\n\r\n", length.value.end());
  if (head == base::Bytes::npos) return 0;
  return head + 4 +
         base::parse_decimal<std::uint32_t>(length.value.of(text)).value_or(std::numeric_limits<std::uint32_t>::max());
}

std::size_t framed_length(base::Bytes text) {
  const sip::Frame frame = sip::next_frame(text);
  return frame.outcome == sip::FrameOutcome::complete ? frame.consumed : 0;
}

}  // namespace

Pieces pieces_of_datagram(base::Bytes payload) {
  return {.list = {{payload}}};
}

Pieces pieces_of_segment(base::Bytes payload, SegmentRule rule) {
  Pieces pieces;
  const bool kernel = rule == SegmentRule::linux_kernel;
  const bool too_short = kernel && payload.size() < base::Bytes("SIP/2.0 200").size();
  while (!payload.empty() && !too_short) {
    const std::size_t length = kernel ? kernel_length(payload) : framed_length(payload);
    // The helper leaves at once for a message that is not all there, and forgets what it has changed before it.
    if (length > payload.size()) pieces.counted = false;
    if (length == 0 || length > payload.size()) break;
    pieces.list.push_back({payload.substr(0, length)});
    payload.remove_prefix(length);
  }
  if (!payload.empty()) pieces.list.push_back({payload, false});
  return pieces;
}

}  // namespace viaduct::faults
