// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "edit/edit_list.hpp"
#include "net/address.hpp"
#include "sdp/session.hpp"

#include <cstdint>

namespace viaduct::sdp {

// Each function lists the smallest edit that gives a parsed field a new value, in the list of the whole message.
// Nothing is listed when the text would stay the same. Lists are not rolled back: after an error, drop the list.

/// What an edit returns; the codes are those of the edit list.
using Edited = base::Result<void, edit::EditProblem>;

/// A new address for o=, c= or a=rtcp. Changes addrtype too when the family changes. /ttl stays as it is.
[[nodiscard]] Edited replace_address(edit::EditList& list, const Session& session, const AddressField& field,
                                     const net::Address& address);

/// A new port for an m= line; a `/number` behind it stays. Fails with does_not_fit if these ports would end above
/// 65535.
[[nodiscard]] Edited replace_port(edit::EditList& list, const Media& media, std::uint16_t port);

/// A new port in an existing a=rtcp.
[[nodiscard]] Edited replace_rtcp_port(edit::EditList& list, const Rtcp& rtcp, std::uint16_t port);

/// Adds `a=rtcp:<port>` behind the last line of a section that has none (RFC 3605), for an outer RTCP port that is
/// not the RTP port + 1. The line end is that of its m= line.
[[nodiscard]] Edited add_rtcp(edit::EditList& list, const Session& session, const Media& media, std::uint16_t port);

/// A new sess-version; o= otherwise stays constant in a dialog (RFC 3264 section 8).
[[nodiscard]] Edited replace_origin_version(edit::EditList& list, const Session& session, std::uint64_t version);

}  // namespace viaduct::sdp
