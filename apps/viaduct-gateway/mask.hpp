// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>

namespace viaduct::gateway {

/// `text` (a header line, a URI, an SDP line, a log line or a whole message) with every secret replaced by "***":
/// what proves a password in Authorization and its relatives (response, nonce, cnonce, opaque, rspauth, nextnonce,
/// passport; the whole of Basic and Bearer), the password of a SIP URI (RFC 3261 19.1.1), SRTP keys
/// (a=crypto inline:, a=key-mgmt, k=) and ICE passwords. Everything else stays as it is, octet for octet.
[[nodiscard]] std::string mask_credentials(base::Bytes text);

}  // namespace viaduct::gateway
