// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/sections.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {

void transcript(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  for (const Section& section : sections_of(text)) {
    const std::uint32_t head = section.head == 0 ? section.first : section.head;
    const Tree::Index command = tree.append(Tree::kRoot, "command", head);
    split(section.title, head, tree, words);
    put_path(tree, tree.put(command, "said", head), words, head);
    for (std::uint32_t number = section.first; number <= section.last; ++number) {
      split(text.line(number), number, tree, words);
      if (words.empty()) continue;
      const Tree::Index line = tree.append(command, "line", number);
      for (const Bytes word : words) tree.append(line, word, number);
    }
  }
}

}  // namespace viaduct::audit::syntax
