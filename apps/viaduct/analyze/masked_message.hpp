// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "finding/anonymise.hpp"

#include <string>

namespace viaduct::app::analyze {

/// A SIP message, whole or cut, with other names. Only what is known to name nobody stays: the structure, methods,
/// tokens and numbers of protocols, the product in User-Agent and Server. What stands in URIs, Via, Call-ID,
/// credentials and SDP has the masks of `names`; values of other headers and unknown parameters lose every letter and
/// digit; bodies other than SDP become x. Content-Length differs from the body as much as it did.
[[nodiscard]] std::string masked_message(base::Bytes message, const finding::Anonymiser& names);

}  // namespace viaduct::app::analyze
