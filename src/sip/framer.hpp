// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>

/// Cuts a byte stream (TCP, TLS) into SIP messages (RFC 3261 18.3 and 7.5) and keep-alives (RFC 5626 4.4.1).
/// Stricter than parse(): where two receivers could see different message borders, an in-path box must not guess.
namespace viaduct::sip {

/// Why a stream cannot be cut any further. Closed; text() has it as a sentence.
enum class FrameProblem : std::uint8_t {
  not_sip,                     ///< the first line is no start line of SIP
  bare_line_end,               ///< CR without LF or LF without CR in the header section
  control_octet,               ///< a NUL in the header section, or a control octet in the start line
  missing_content_length,      ///< RFC 3261 18.3 demands it on streams
  bad_content_length,          ///< not a plain decimal number
  conflicting_content_length,  ///< several that do not say the same
  too_large,                   ///< message, or its header section alone, above the limit
};
[[nodiscard]] base::Bytes text(FrameProblem problem);

enum class FrameOutcome : std::uint8_t { complete, need_more, invalid };

enum class FrameKind : std::uint8_t {
  message,
  ping,  ///< double CRLF: the client asks (RFC 5626 3.5.1)
  pong,  ///< single CRLF: the server answers
};

/// What stands at the front of the octets that were handed in.
struct Frame {
  FrameOutcome outcome = FrameOutcome::need_more;
  FrameKind kind = FrameKind::message;           ///< complete only
  FrameProblem problem = FrameProblem::not_sip;  ///< invalid only
  std::uint32_t offset = 0;                      ///< invalid: the octet at which it shows
  std::size_t consumed = 0;                      ///< complete: length of the frame, to be taken off the front; else 0
  /// need_more: fewer octets than this cannot end otherwise; exact once the header section is there. Saves calls.
  std::size_t at_least = 0;
};

/// Most a stream message may take unless the caller says otherwise.
inline constexpr std::size_t kMaxStreamMessage = 65536;

/// Looks at all unread octets of one direction of one connection. Stateless: call it again with the rest after each
/// complete frame, and with more octets after need_more. The messages found do not depend on how the stream was
/// split. A lone CRLF at the end is reported as pong at once, so that keep-alives are never held back; a ping that
/// was split in its middle hence shows as two pongs. After `invalid` the borders are lost for good: pass the rest
/// of the connection on as it is.
[[nodiscard]] Frame next_frame(base::Bytes unread, std::size_t max_message = kMaxStreamMessage);

}  // namespace viaduct::sip
