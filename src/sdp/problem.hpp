// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace viaduct::sdp {

/// What can be wrong with an SDP body (RFC 8866), and with the attributes that are read out of it.
/// `parse` fails only with the codes of the first group: then nothing can be said about the media and
/// the body must be left alone. `check` reports every code. Closed: each code has one line of text.
enum class Problem : std::uint8_t {
  // parse fails
  out_of_buffer,   ///< the body range is absent or ends behind the buffer
  empty_body,      ///< no octet, or nothing but line ends
  not_sdp,         ///< the first line that is not blank has no `<letter>=`
  too_many_media,  ///< more m= lines than kMaxMedia
  bad_media_line,  ///< m= without type, port and proto (parse), or without a format (check)
  bad_port,        ///< a port is not decimal or is above 65535
  bad_port_count,  ///< the number behind port/ is not decimal or zero, or the ports end above 65535
  // check reports, parse tolerates
  missing_version,      ///< no v= line, or it is not the first line
  bad_version,          ///< v= is not 0
  missing_origin,       ///< no o= line
  bad_origin,           ///< o= has not six fields, or its numbers are not decimal
  missing_name,         ///< no s= line
  missing_time,         ///< no t= line
  bad_time,             ///< t= has not two decimal fields
  missing_connection,   ///< a section has neither its own c= nor the session's
  bad_connection,       ///< c= has not three fields
  bad_address,          ///< the address is not what its addrtype says
  bad_bandwidth,        ///< b= is not <type>:<decimal>
  bad_attribute,        ///< a= has an empty or malformed name
  bad_attribute_value,  ///< the value of a known attribute does not follow its grammar
  line_out_of_order,    ///< a line stands where RFC 8866 section 5 does not allow it
  duplicate_line,       ///< a line that may occur once occurs again
  blank_line,           ///< an empty line
  malformed_line,       ///< a line has no `<letter>=`
  unknown_line,         ///< a type letter that RFC 8866 does not define
  empty_value,          ///< nothing behind `=` where at least one octet is required
  odd_line_end,         ///< a line ends in a lone LF or CR
  missing_line_end,     ///< the last line has no line end
  nul_octet,            ///< a NUL octet in the body
  last                  ///< not a problem: the number of codes
};

/// One sentence for people, without a full stop.
[[nodiscard]] base::Bytes text(Problem problem);
/// The enumerator's own name, e.g. "bad_port", for JSON and test goldens.
[[nodiscard]] base::Bytes name(Problem problem);

/// What a problem means for the verdict on the body.
enum class Severity : std::uint8_t {
  tolerated,  ///< against the letter, but one reading only, or a receiver ignores the line (RFC 8866 5.13)
  invalid     ///< an element is entitled to refuse the body
};
[[nodiscard]] Severity severity(Problem problem);

template <class T>
using Result = base::Result<T, Problem>;

}  // namespace viaduct::sdp
