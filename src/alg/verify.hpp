// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/decide.hpp"
#include "alg/intent.hpp"
#include "base/bytes.hpp"
#include "sip/message.hpp"

#include <span>

namespace viaduct::alg {

/// The proof after every edit (promise 2): parses `edited` again. True when each intended place reads as intended,
/// Content-Length fits the body, and outside of those places and of Content-Length's digits every octet is that of
/// `original`. How the edits were listed plays no part in it.
[[nodiscard]] bool verify(const sip::Message& original, std::span<const Intent> intents, base::Bytes edited);

/// Writes the message with the edits of `decision` into `out` and proves it. Where the edits do not fit or the proof
/// fails, the decision is withdrawn and the result is the message as it was received. `about` names the message.
[[nodiscard]] base::Bytes edited_message(const sip::Message& message, Decision& decision, const Event& about,
                                         std::span<char> out);

}  // namespace viaduct::alg
