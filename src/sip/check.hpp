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

/// Adds every problem of the message, start line first, then headers in order, then body.
/// The message is acceptable if list.valid() afterwards.
void check(const Message& message, ProblemList& list);

/// The problems of one header's value, for a decision about that field alone.
void check_header(const Message& message, const Header& header, ProblemList& list);

/// Octets and escapes of a parsed URI's parts.
void check_uri(Bytes buffer, const Uri& uri, ProblemList& list);

}  // namespace viaduct::sip
