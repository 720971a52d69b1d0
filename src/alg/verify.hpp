// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "edit/edit_list.hpp"
#include "sip/message.hpp"

namespace viaduct::alg {

/// The proof after every edit (promise 2): parses `edited` again and compares it with `original` header by
/// header. True when start line, header names, order and spelling and all values are the same but for the edited
/// ranges, Content-Length fits the body, edits of the body put nothing but digits and dots where a value stood, and
/// the SDP parses again.
[[nodiscard]] bool verify(const sip::Message& original, const edit::EditList& edits, base::Bytes edited);

}  // namespace viaduct::alg
