// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"

#include <string>

namespace viaduct::audit {

/// A line of a configuration as it may be shown: what follows a word that names a secret (password, community, key,
/// psk, token ...) and whatever looks like a hash, a key or an encrypted value is `***`. It rather hides too much.
/// Length and content of what is hidden cannot be told from the result.
[[nodiscard]] std::string masked(Bytes line);

/// The same of the first `most` octets of a line that may be very long; a word that goes on behind them is hidden,
/// since half of it tells nothing.
[[nodiscard]] std::string masked_head(Bytes line, std::size_t most);

}  // namespace viaduct::audit
