// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/address_spec.hpp"
#include "sip/message.hpp"
#include "sip/problem.hpp"
#include "sip/uri.hpp"
#include "sip/via.hpp"

/// Deep validation against RFC 3261's grammar and the rules between fields, with the outcomes that RFC 4475 and
/// RFC 5118 ask for. Not on the hot path; parse() and the typed functions decide there.
namespace viaduct::sip {

/// Adds every problem of the message: those of the whole and its start line, then of the headers in their order, then
/// of the body. The message is acceptable if list.valid() afterwards. Offsets count in message.bytes().
void check(const Message& message, ProblemList& list);

/// The problems of one header's value, for a decision about that field alone. Values of headers that are not known to
/// this module are looked at for control octets only.
void check_header(const Message& message, const Header& header, ProblemList& list);

/// Octets and escapes of the parts of a URI that parse_uri() has read.
void check_uri(Bytes buffer, const Uri& uri, ProblemList& list);

/// Names and values of a parameter list (RFC 3261 25.1 generic-param), for each empty or repeated one, too.
void check_parameters(Bytes buffer, Range parameters, ProblemList& list);

}  // namespace viaduct::sip
