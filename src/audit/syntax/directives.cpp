// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {

void directives(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  for (const std::uint32_t number : text.numbers()) {
    split(text.line(number), number, tree, words);
    if (words.empty() || words[0].starts_with('#')) continue;
    Tree::Index subject = tree.put(Tree::kRoot, words[0], number);
    if (words.size() > 1) subject = tree.put(subject, words[1], number);
    for (std::size_t i = 2; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      const Tree::Index word = tree.put(subject, words[i].substr(0, equals), number);
      if (equals != Bytes::npos) tree.put(word, words[i].substr(equals + 1), number);
    }
  }
}

}  // namespace viaduct::audit::syntax
