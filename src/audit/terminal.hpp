// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace viaduct::audit {

using base::Bytes;

/// What a terminal that pages leaves in a recorded session: `--More--`, and how it was wiped away again.
struct Screen {
  std::string text;  ///< what the terminal showed: as many lines as before, which end with LF
  /// Numbers of lines before which a prompt to page stood whose wiping was lost: how far they stood in is a guess.
  /// From 1.
  std::vector<std::uint32_t> guessed;
};

/// Plays backspaces, CR before what overwrites, and ECMA-48 sequences that move the cursor in its line or erase it;
/// takes away prompts to page. A CR that overwrites nothing but such a prompt or blanks ends no line; any other does,
/// and so do CR LF and LF. A line keeps other escape sequences: they are no part of paging.
[[nodiscard]] Screen played(Bytes octets);

}  // namespace viaduct::audit
