// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>

namespace viaduct::base {

/// Received octets as text that is safe on any terminal: printable ASCII and printable UTF-8 stay as they are;
/// CR, LF and HTAB become \r \n \t, other controls and octets that are no UTF-8 become \xHH, and code points that
/// move the cursor, reorder the line or cannot be seen (C1, bidirectional marks, zero width) become \u{H}.
/// A backslash stays a backslash: the offsets beside the text say which octets are meant.
[[nodiscard]] std::string escape(Bytes octets);

/// `escaped` with the blanks at its end written as \x20, as nobody would see them.
[[nodiscard]] std::string show_trailing_blanks(std::string escaped);

/// How many columns the result of escape() takes: East Asian wide code points take two, combining ones none.
[[nodiscard]] std::size_t columns(Bytes escaped);

/// The same octets as valid UTF-8 for JSON: what is no UTF-8 becomes U+FFFD, one for each octet.
[[nodiscard]] std::string to_utf8(Bytes octets);

/// A UTF-8 sequence at the front of `text`: its code point and its length, or length 0 if there is none.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};
/// Refuses overlong forms, surrogates and what is above U+10FFFF (RFC 3629).
[[nodiscard]] CodePoint front_code_point(Bytes text);

}  // namespace viaduct::base
