// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "edit/edit_list.hpp"
#include "net/address.hpp"
#include "sip/message.hpp"
#include "sip/uri.hpp"
#include "sip/via.hpp"

#include <cstdint>

/// Edits of parsed fields: each function lists the smallest replacement in `list`; the buffer is never touched.
namespace viaduct::sip {

using EditResult = base::Result<void, edit::EditProblem>;

/// Host and port of a SIP URI become `endpoint`. Brackets come with IPv6. The port is written if the URI had one,
/// or if it is not the default of the scheme (sip 5060, sips 5061); endpoint.port 0 removes it.
/// A URI without host (tel, urn) fails with out_of_buffer.
[[nodiscard]] EditResult replace_host_port(edit::EditList& list, const Uri& uri, const net::Endpoint& endpoint);

/// The same for Via's sent-by; the default port is 5061 for TLS and WSS 443, WS 80, else 5060.
[[nodiscard]] EditResult replace_sent_by(edit::EditList& list, const Via& via, const net::Endpoint& endpoint);

/// Content-Length's digits follow the edits that `list` makes at or behind the body's first octet; call it last.
/// Nothing is listed if the length stays, or if the message has no Content-Length. Fails with out_of_buffer if
/// Content-Length cannot be read or does not fit what was received (Framing invalid or too_short).
[[nodiscard]] EditResult replace_content_length(edit::EditList& list, const Message& message);

}  // namespace viaduct::sip
