// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// FreshTomato exports its NVRAM as a script; so do programs that save it for others.
constexpr Bytes kSet = "nvram set ";
constexpr Bytes kUnset = "nvram unset ";

/// `nvram set "lan_ifname=br0"`: the quotes may be around all of it.
[[nodiscard]] Bytes assignment(Bytes line) {
  line.remove_prefix(kSet.size());
  line.remove_prefix(indent_of(line));
  const bool quoted = line.size() > 1 && (line.front() == '"' || line.front() == '\'') && line.find_last_not_of(" \t") != 0 &&
                      line[line.find_last_not_of(" \t")] == line.front();
  return quoted ? line.substr(1, line.find_last_not_of(" \t") - 1) : line;
}

}  // namespace

void keys(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  for (std::uint32_t number = 1; number <= text.lines(); ++number) {
    Bytes line = text.line(number);
    line.remove_prefix(indent_of(line));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.starts_with(kUnset)) {
      const Bytes gone = line.substr(kUnset.size());
      const Tree::Index before = tree.find(Tree::kRoot, gone.substr(0, gone.find_first_of(" \t")));
      if (before != Tree::kAbsent) tree.remove(before);
      continue;
    }
    if (line.starts_with(kSet)) line = assignment(line);
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
