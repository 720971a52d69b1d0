// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {

void ini(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  Tree::Index section = Tree::kRoot;
  for (const std::uint32_t number : text.numbers()) {
    Bytes line = text.line(number);
    line.remove_prefix(indent_of(line));
    if (line.empty() || line.front() == ';' || line.front() == '#') continue;
    if (const std::size_t end = line.find(']'); line.front() == '[' && end != Bytes::npos) {
      split(line.substr(1, end - 1), number, tree, words);
      section = tree.put(Tree::kRoot, words.empty() ? Bytes() : words[0], number);
      continue;
    }
    split(line, number, tree, words);
    if (words.empty()) continue;
    const Tree::Index command = tree.append(section, words[0], number);
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      const Tree::Index key = tree.put(command, words[i].substr(0, equals), number);
      if (equals != Bytes::npos) tree.put(key, words[i].substr(equals + 1), number);
    }
  }
}

}  // namespace viaduct::audit::syntax
