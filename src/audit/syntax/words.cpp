// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/words.hpp"

#include <algorithm>

namespace viaduct::audit::syntax {
namespace {

[[nodiscard]] bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

/// The word in quotes that begins at `at`, which is moved behind it.
Bytes quoted(Bytes line, std::size_t& at, std::uint32_t number, Tree& tree) {
  const char quote = line[at];
  const std::size_t begin = ++at;
  bool escaped = false;
  while (at < line.size() && line[at] != quote) {
    if (quote == '"' && line[at] == '\\' && at + 1 < line.size()) {
      escaped = true;
      ++at;
    }
    ++at;
  }
  at = std::min(at, line.size());
  const Bytes inside = line.substr(begin, at - begin);
  if (at == line.size())
    tree.problem(number, "a quote that does not end");
  else
    ++at;
  if (!escaped) return inside;
  std::string plain;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
    plain += inside[i];
  }
  return tree.keep(std::move(plain));
}

}  // namespace

void split(Bytes line, std::uint32_t number, Tree& tree, std::vector<Bytes>& words) {
  words.clear();
  for (std::size_t at = 0; at < line.size();) {
    if (blank(line[at])) {
      ++at;
      continue;
    }
    if (line[at] == '"' || line[at] == '\'') {
      words.push_back(quoted(line, at, number, tree));
      continue;
    }
    const std::size_t begin = at;
    while (at < line.size() && !blank(line[at])) ++at;
    words.push_back(line.substr(begin, at - begin));
  }
}

Tree::Index put_path(Tree& tree, Tree::Index parent, const std::vector<Bytes>& words, std::uint32_t line) {
  for (const Bytes word : words) parent = tree.put(parent, word, line);
  tree.end(parent, line);
  return parent;
}

std::size_t indent_of(Bytes line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

}  // namespace viaduct::audit::syntax
