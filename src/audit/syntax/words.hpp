// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/tree.hpp"

#include <vector>

namespace viaduct::audit::syntax {

/// The words of a line between blanks; `"a b"` and `'a b'` are one, without the quotes; a backslash takes the next
/// character as it is within double quotes. What needs no change borrows from the line. A quote that does not end takes
/// the rest of the line and is told.
void split(Bytes line, std::uint32_t number, Tree& tree, std::vector<Bytes>& words);

/// The word in quotes that begins at `at`, which is moved behind it. It may go over lines: `line`, where it begins, is
/// counted on. A backslash takes the next character as it is within double quotes. A quote that does not end takes all
/// and is told.
Bytes quoted(Bytes octets, std::size_t& at, std::uint32_t& line, Tree& tree);

/// `words` as a path under `parent`, a statement; the last node of it.
Tree::Index put_path(Tree& tree, Tree::Index parent, const std::vector<Bytes>& words, std::uint32_t line);

/// Octets of blanks before the first other character.
[[nodiscard]] std::size_t indent_of(Bytes line);

}  // namespace viaduct::audit::syntax
