// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace viaduct::sip {

using base::Bytes;
using base::Range;

/// Everything that can be wrong with a SIP message; closed, one meaning each (text() has it as a sentence).
enum class Problem : std::uint8_t {
  // What parse() stops at: there is no message to look into.
  empty,               ///< nothing but line ends (a keep-alive of RFC 5626 is that)
  not_sip,             ///< the first line is neither a Request-Line nor a Status-Line of SIP
  bad_status_code,     ///< not three digits from 100 to 699
  too_many_headers,    ///< more than Message::kMaxHeaders
  too_long,            ///< longer than Message::kMaxSize
  no_colon,            ///< a header line without a colon
  bad_header_name,     ///< a header name that is empty or holds octets outside token
  stray_continuation,  ///< a folded line without a header line before it
  // The message as a whole.
  unknown_version,       ///< a SIP version other than 2.0
  missing_header,        ///< To, From, Call-ID, CSeq or Via is absent (RFC 3261 8.1.1)
  duplicate_header,      ///< a header that may appear once appears again
  method_mismatch,       ///< CSeq names another method than the Request-Line
  extra_space,           ///< blanks where the start line has exactly one SP, or at its end
  missing_space,         ///< no SP behind the status code
  no_empty_line,         ///< the header section is not ended by an empty line
  leading_line_ends,     ///< line ends before the start line, to be ignored (RFC 3261 7.5)
  bare_line_feed,        ///< a line ends in LF without CR
  bare_return,           ///< a line ends in CR without LF
  missing_max_forwards,  ///< a request without Max-Forwards, as RFC 2543 sent them
  control_octet,         ///< a control octet inside the header section
  // Body and framing.
  bad_content_length,    ///< Content-Length is not a number, or several disagree
  body_too_short,        ///< Content-Length promises more octets than there are
  octets_after_body,     ///< octets behind the body; ignored in a datagram (RFC 3261 18.3)
  missing_content_type,  ///< a body without Content-Type
  // Values of fields.
  empty_value,              ///< a value is missing where the grammar wants one
  trailing_octets,          ///< octets behind a complete value
  bad_number,               ///< a number is not digits or does not fit its range
  bad_method,               ///< a method that is not a token
  bad_token,                ///< octets outside token where a token belongs
  unbalanced_quote,         ///< a quoted string without end
  unbalanced_bracket,       ///< < without >, or [ without ]
  bad_display_name,         ///< an unquoted display name with octets outside token and LWS
  no_space_before_bracket,  ///< a display name directly before <, allowed by RFC 4475 3.1.1.6
  needs_brackets,           ///< a URI with ? or , outside <> (RFC 3261 20.10)
  bad_parameter,            ///< an empty parameter, a bad name, or a bad value
  duplicate_parameter,      ///< a parameter that may appear once appears again
  too_many_parameters,      ///< more names in one list than are compared: repeated ones behind go unnoticed
  bad_scheme,               ///< a URI without a scheme, or a scheme with foreign octets
  bad_user,                 ///< octets in the user part or password that must be escaped
  unescaped_user,           ///< octets in the user part that must be escaped, with one reading only: # and non-ASCII
  bad_escape,               ///< % without two hexadecimal digits
  bad_host,                 ///< neither host name, nor IPv4 address, nor IPv6 reference
  odd_host,                 ///< a host name with an underscore, an empty label, or a hyphen at a label's end
  bad_port,                 ///< not a number up to 65535
  zero_port,                ///< port 0, which says nothing
  triple_colon,             ///< ":::" in an IPv6 reference, to be tolerated (RFC 5118 4.10)
  bracketed_received,       ///< received=[IPv6], to be tolerated (RFC 5118 4.5)
  odd_received,             ///< received is not an address: a name, or with a port behind it
  space_in_uri,             ///< blanks inside a URI or directly inside its <>
  bracketed_request_uri,    ///< the Request-URI stands in <>
  headers_in_request_uri,   ///< the Request-URI has a ?headers part (RFC 3261 19.1.1)
  bad_protocol,             ///< Via does not begin with name/version/transport
  bad_branch,               ///< branch is empty or nothing but the magic cookie
  bad_sequence,             ///< CSeq is not number and method, or the number is 2**31 or more
  bad_call_id,              ///< Call-ID is not word[@word]
  bad_media_type,           ///< Content-Type or Accept is not type/subtype
  bad_credentials,          ///< Authorization without scheme, or a parameter list that cannot be read
  bad_date,                 ///< Date is not an RFC 1123 date in GMT
  odd_date,                 ///< a date in GMT whose day has one digit
  wildcard_contact,         ///< Contact: * beside other values
  misplaced_wildcard,       ///< Contact: * elsewhere than in a REGISTER request (RFC 3261 20.10)
  last                      ///< not a problem: the number of codes
};

/// One sentence for people, without a full stop.
[[nodiscard]] Bytes text(Problem problem);
/// The enumerator's own name, e.g. "bad_host", for JSON and test goldens.
[[nodiscard]] Bytes name(Problem problem);

/// What a problem means for the verdict on the message.
enum class Severity : std::uint8_t {
  tolerated,  ///< against the letter, but one reading only, and the RFCs or the field ask to accept it
  invalid     ///< an element is entitled to refuse the message
};
[[nodiscard]] Severity severity(Problem problem);

/// A value, or a code with the offset from the start of the buffer that was handed in.
template <class T>
using Result = base::Result<T, Problem>;
using Error = base::Error<Problem>;

/// Problems in the order they were found. Fixed room, nothing is allocated.
class ProblemList {
 public:
  static constexpr std::size_t kCapacity = 256;

  void add(Problem code, std::size_t offset) {
    valid_ = valid_ && severity(code) != Severity::invalid;
    if (count_ < kCapacity)
      items_[count_++] = Error{code, static_cast<std::uint32_t>(offset)};
    else
      ++dropped_;
  }
  [[nodiscard]] std::span<const Error> items() const VIADUCT_LIFETIME_BOUND { return {items_.data(), count_}; }
  /// Problems that found no room; they still count for valid().
  [[nodiscard]] std::size_t dropped() const { return dropped_; }
  /// No problem of Severity::invalid was added.
  [[nodiscard]] bool valid() const { return valid_; }

 private:
  std::array<Error, kCapacity> items_;
  std::size_t count_ = 0;
  std::size_t dropped_ = 0;
  bool valid_ = true;
};

}  // namespace viaduct::sip
