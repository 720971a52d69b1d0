// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// FreshTomato exports its NVRAM as a script; so do programs that save it for others.
constexpr Bytes kSet = "nvram set ";
constexpr Bytes kUnset = "nvram unset ";
constexpr Bytes kGet = "nvram get ";

/// What was typed behind the prompt of a shell, `admin@RT-AX86U:/tmp# nvram set a=1`.
[[nodiscard]] Bytes without_prompt(Bytes line) {
  const std::size_t at = line.find(" nvram ");
  if (at == Bytes::npos || at < 2 || Bytes("#$>").find(line[at - 1]) == Bytes::npos) return line;
  return line.substr(0, at).find_first_of(" \t=") == Bytes::npos ? line.substr(at + 1) : line;
}

/// `"lan_ifname=br0"` as `nvram export --quote` has it, or `"lan_ifname=br0\n"` as --c: the quotes are around all of
/// it.
[[nodiscard]] Bytes unquoted(Bytes line) {
  line.remove_prefix(indent_of(line));
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  if (line.size() < 2 || (line.front() != '"' && line.front() != '\'') || line.back() != line.front()) return line;
  line = line.substr(1, line.size() - 2);
  if (line.ends_with("\\n")) line.remove_suffix(2);
  return line;
}

}  // namespace

void keys(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  for (std::uint32_t number = text.first(); number <= text.last(); ++number) {
    Bytes line = text.line(number);
    line.remove_prefix(indent_of(line));
    line = without_prompt(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.starts_with(kUnset)) {
      const Bytes gone = line.substr(kUnset.size());
      const Tree::Index before = tree.find(Tree::kRoot, gone.substr(0, gone.find_first_of(" \t")));
      if (before != Tree::kAbsent) tree.remove(before);
      continue;
    }
    // The answer stands in a line of its own.
    if (line.starts_with(kGet)) {
      const Bytes name = line.substr(kGet.size(), line.find_first_of(" \t", kGet.size()) - kGet.size());
      const Bytes answer = text.line(++number);
      if (const Tree::Index before = tree.find(Tree::kRoot, name); before != Tree::kAbsent) tree.remove(before);
      split(answer, number, tree, words);
      put_path(tree, tree.put(Tree::kRoot, name, number), words, number);
      continue;
    }
    if (line.starts_with(kSet)) line.remove_prefix(kSet.size());
    line = unquoted(line);
    const std::size_t equals = std::min(line.find('='), line.find('\t'));
    Bytes name = line.substr(0, equals == Bytes::npos ? line.find_first_of(" \t") : equals);
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    const Bytes rest =
        line.size() > name.size() ? line.substr(equals == Bytes::npos ? name.size() : equals + 1) : Bytes();
    // The last line of a key counts: sysctl and NVRAM overwrite.
    if (const Tree::Index before = tree.find(Tree::kRoot, name); equals != Bytes::npos && before != Tree::kAbsent)
      tree.remove(before);
    split(rest, number, tree, words);
    put_path(tree, tree.put(Tree::kRoot, name, number), words, number);
  }
}

}  // namespace viaduct::audit::syntax
