// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/syntax/syntax.hpp"

#include <string>
#include <vector>

namespace viaduct::audit::syntax {

inline void show(Node node, std::size_t depth, std::string& to) {
  for (const Node child : node.children()) {
    to += std::string(depth * 2, ' ') + std::string(child.word()) + " " + std::to_string(child.line()) +
          (child.inactive() ? " inactive" : "") + "\n";
    show(child, depth + 1, to);
  }
}

using Parser = void (*)(const Text&, Tree&);

/// Each word with its line, indented by depth.
inline std::string tree_of(Parser parser, std::string text) {
  const Text read = Text::read("a", std::move(text));
  Tree tree;
  parser(read, tree);
  std::string shown;
  show(tree.root(), 0, shown);
  return shown;
}

inline std::vector<std::string> problems_of(Parser parser, std::string text) {
  const Text read = Text::read("a", std::move(text));
  Tree tree;
  parser(read, tree);
  return tree.problems();
}

}  // namespace viaduct::audit::syntax
