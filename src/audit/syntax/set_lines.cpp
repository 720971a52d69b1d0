// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <span>
#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// A path under the root in which `[ a b ]` are several ends.
void set(Tree& tree, std::span<const Bytes> words, std::uint32_t line) {
  Tree::Index at = Tree::kRoot;
  bool list = false;
  for (const Bytes word : words) {
    if (word == "[" || word == "]") {
      list = word == "[";
      continue;
    }
    const Tree::Index put = tree.put(at, word, line);
    if (!list) at = put;
  }
}

[[nodiscard]] Tree::Index find(const Tree& tree, std::span<const Bytes> words) {
  Tree::Index at = Tree::kRoot;
  for (const Bytes word : words) {
    at = tree.find(at, word);
    if (at == Tree::kAbsent) return at;
  }
  return at;
}

/// `deactivate` may come before what it names: then the path is made.
void switch_off(Tree& tree, const std::vector<Bytes>& words, std::uint32_t line) {
  const std::vector<Bytes> path(words.begin() + 1, words.end());
  tree.set_inactive(put_path(tree, Tree::kRoot, path, line), true);
}

}  // namespace

void set_lines(const Text& text, Tree& tree) {
  std::vector<Bytes> words;
  for (const std::uint32_t number : text.numbers()) {
    const Bytes line = text.line(number);
    split(line, number, tree, words);
    if (words.size() < 2) continue;
    const std::span<const Bytes> path = std::span<const Bytes>(words).subspan(1);
    if (words[0] == "set") {
      set(tree, path, number);
    } else if (words[0] == "deactivate") {
      switch_off(tree, words, number);
    } else if (words[0] == "delete" || words[0] == "activate") {
      const Tree::Index found = find(tree, path);
      if (found == Tree::kAbsent) continue;
      if (words[0] == "delete")
        tree.remove(found);
      else
        tree.set_inactive(found, false);
    }
  }
}

}  // namespace viaduct::audit::syntax
