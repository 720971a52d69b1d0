// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// FreshTomato exports its NVRAM as a script.
constexpr Bytes kSet = "nvram set ";

}  // namespace

void keys(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  for (std::uint32_t number = 1; number <= text.lines(); ++number) {
    Bytes line = text.line(number);
    line.remove_prefix(indent_of(line));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.starts_with(kSet)) line.remove_prefix(kSet.size());
    const std::size_t equals = line.find('=');
    Bytes name = line.substr(0, equals == Bytes::npos ? line.find_first_of(" \t") : equals);
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    const Bytes rest = line.size() > name.size() ? line.substr(equals == Bytes::npos ? name.size() : equals + 1) : Bytes();
    // The last line of a key counts: sysctl and NVRAM overwrite.
    if (const Tree::Index before = tree.find(Tree::kRoot, name); equals != Bytes::npos && before != Tree::kAbsent)
      tree.remove(before);
    split(rest, number, tree, words);
    put_path(tree, tree.put(Tree::kRoot, name, number), words, number);
  }
}

}  // namespace viaduct::audit::syntax
