// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "sip/scan.hpp"

#include <cstdint>

/// Character classes and blanks of RFC 3261 25.1, for the parsers of this folder.
namespace viaduct::sip {

// token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")
inline constexpr base::CharSet kToken = base::kAlphanum | base::CharSet("-.!%*_+`'~");
// word, of which Call-ID is made
inline constexpr base::CharSet kWord = kToken | base::CharSet("()<>:\\\"/[]?{}");
// unreserved = alphanum / mark
inline constexpr base::CharSet kUnreserved = base::kAlphanum | base::CharSet("-_.!~*'()");
// user = 1*( unreserved / escaped / user-unreserved ); '#' is not in it, but phones dial it
inline constexpr base::CharSet kUser = kUnreserved | base::CharSet("&=+$,;?/");
inline constexpr base::CharSet kPassword = kUnreserved | base::CharSet("&=+$,");
// paramchar = param-unreserved / unreserved / escaped
inline constexpr base::CharSet kUriParameter = kUnreserved | base::CharSet("[]/:&+$");
// hname, hvalue = hnv-unreserved / unreserved / escaped
inline constexpr base::CharSet kUriHeader = kUnreserved | base::CharSet("[]/?:+$");
inline constexpr base::CharSet kHex = base::kDigits | base::CharSet("abcdefABCDEF");

/// SP, HTAB, and the line ends of folds: inside a header value they can be nothing else.
[[nodiscard]] constexpr bool is_lws(char c) {
  // One comparison for the octets that are none, which is most of them.
  return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

[[nodiscard]] constexpr std::uint32_t skip_lws(base::Bytes buffer, std::uint32_t at, std::uint32_t end) {
  while (at < end && is_lws(buffer[at])) ++at;
  return at;
}

/// `end` moved back over blanks, not before `begin`.
[[nodiscard]] constexpr std::uint32_t trim_end(base::Bytes buffer, std::uint32_t begin, std::uint32_t end) {
  while (end > begin && is_lws(buffer[end - 1])) --end;
  return end;
}

/// The first position at or after `at` whose octet is not in `set`.
[[nodiscard]] constexpr std::uint32_t skip_set(base::Bytes buffer, std::uint32_t at, std::uint32_t end,
                                               const base::CharSet& set) {
  while (at < end && set.contains(buffer[at])) ++at;
  return at;
}

/// The first position in [at, end) whose octet is not in kToken; mostly found sixteen octets at a time.
[[nodiscard]] inline std::uint32_t skip_token(base::Bytes buffer, std::uint32_t at, std::uint32_t end) {
  at = scan::skip_name(buffer, at, end);
  while (at < end && kToken.contains(buffer[at])) at = scan::skip_name(buffer, at + 1, end);
  return at;
}

/// The parser has looked at [begin, end) of its buffer; makes the Range of it.
[[nodiscard]] constexpr base::Range span_of(std::uint32_t begin, std::uint32_t end) {
  return {begin, end - begin};
}

}  // namespace viaduct::sip
