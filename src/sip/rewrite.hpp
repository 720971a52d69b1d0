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

/// Host and port of a SIP URI become `endpoint`; IPv6 gets its brackets. With endpoint.port 0 only the host is
/// replaced and the port, or its absence, stays. Otherwise the port is written, except that a sip URI without one
/// stays so for 5060. A URI without host (tel, urn) fails with out_of_buffer.
[[nodiscard]] EditResult replace_host_port(edit::EditList& list, const Uri& uri, const net::Endpoint& endpoint);

/// The same for Via's sent-by; only over UDP and TCP does 5060 stay unwritten.
[[nodiscard]] EditResult replace_sent_by(edit::EditList& list, const Via& via, const net::Endpoint& endpoint);

/// Content-Length's digits follow the edits that `list` makes at or behind the body's first octet; call it last.
/// Nothing is listed if the length stays, or if the message has no Content-Length. Fails with out_of_buffer if
/// Content-Length cannot be read or does not fit what was received (Framing invalid or too_short).
[[nodiscard]] EditResult replace_content_length(edit::EditList& list, const Message& message);

}  // namespace viaduct::sip
