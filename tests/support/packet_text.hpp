// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace viaduct::cases {

/// Octets in lines, each with what ended it: CRLF is silent, anything else is shown as an escape.
[[nodiscard]] std::vector<std::string> lines_of(base::Bytes octets);
/// The octets of one line; its CRLF is added unless it ends in a backslash. false: an escape cannot be read.
[[nodiscard]] bool decode_line(base::Bytes line, std::string& octets);
/// Lines of `after` with two blanks before what is in `before` too, `+ ` before what is new, `- ` before what is gone.
[[nodiscard]] std::string difference(base::Bytes before, base::Bytes after);

/// An RTP packet of PCMU that is all silence.
[[nodiscard]] std::string rtp_packet(std::uint16_t number);
/// "rtp 5" for a packet of rtp_packet(), else empty.
[[nodiscard]] std::string rtp_name(base::Bytes payload);

}  // namespace viaduct::cases
