// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/words.hpp"

#include <algorithm>

namespace viaduct::audit::syntax {
namespace {

[[nodiscard]] bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

}  // namespace

Bytes quoted(Bytes octets, std::size_t& at, std::uint32_t& line, Tree& tree) {
  const char quote = octets[at];
  const std::uint32_t begun = line;
  const std::size_t begin = ++at;
  bool escaped = false;
  for (; at < octets.size() && octets[at] != quote; ++at) {
    if (quote == '"' && octets[at] == '\\' && at + 1 < octets.size()) {
      escaped = true;
      ++at;
    }
    if (octets[at] == '\n') ++line;
  }
  const Bytes inside = octets.substr(begin, std::min(at, octets.size()) - begin);
  if (at >= octets.size()) tree.problem(begun, "a quote that does not end");
  at = std::min(at + 1, octets.size());
  if (!escaped) return inside;
  std::string plain;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
    plain += inside[i];
  }
  return tree.keep(std::move(plain));
}

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
