// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "finding/anonymise.hpp"

#include <string>

namespace viaduct::app::analyze {

/// What a SIP message carries, with other names: SDP, also as a part of a multipart body; of anything else every octet
/// but line ends becomes x. `content_type`: value of the header, empty without one.
[[nodiscard]] std::string masked_bodies(base::Bytes body, base::Bytes content_type, const finding::Anonymiser& names);

}  // namespace viaduct::app::analyze
