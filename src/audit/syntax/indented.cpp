// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// `banner motd ^C ... ^C`: the delimiter, or nothing if the line is no banner or ends itself.
[[nodiscard]] Bytes banner_end(Bytes line) {
  if (!line.starts_with("banner ")) return {};
  std::size_t at = line.find(' ', 7);  // after the kind of banner
  if (at == Bytes::npos) return {};
  at = line.find_first_not_of(' ', at);
  if (at == Bytes::npos) return {};
  // A control character as text (^C) is two characters, others are one. ASA has lines of their own and no delimiter.
  const Bytes delimiter = line.substr(at, line[at] == '^' ? 2 : 1);
  const char c = delimiter.front();
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || line.find(delimiter, at + delimiter.size()) != Bytes::npos ? Bytes() : delimiter;
}

/// The number of the line with which a banner ends that begins at `number`; `number` itself if it never does: better a
/// banner read as settings than settings taken for a banner.
[[nodiscard]] std::uint32_t end_of_banner(const Text& text, std::uint32_t number, Bytes delimiter) {
  for (std::uint32_t next = number + 1; next <= text.lines(); ++next)
    if (text.line(next).find(delimiter) != Bytes::npos) return next;
  return number;
}

/// The same for `certificate ...`, which ends with `quit`.
[[nodiscard]] std::uint32_t end_of_certificate(const Text& text, std::uint32_t number) {
  for (std::uint32_t next = number + 1; next <= text.lines(); ++next)
    if (text.line(next).substr(indent_of(text.line(next))) == "quit") return next;
  return number;
}

/// `[Huawei]nat alg sip enable`: what was typed behind the prompt of a console. `[V200R010C10]` is no prompt.
[[nodiscard]] Bytes without_prompt(Bytes said) {
  if (said.front() != '[' && said.front() != '<') return said;
  const std::size_t end = said.find(said.front() == '[' ? ']' : '>');
  if (end == Bytes::npos || end + 1 == said.size()) return said;
  const Bytes typed = said.substr(end + 1);
  return typed.substr(indent_of(typed));
}

struct Block {
  std::size_t indent = 0;
  Tree::Index index = Tree::kRoot;
};

}  // namespace

void indented(const Text& text, Tree& tree) {
  indented(text, tree, Banners::delimited);
}

void indented(const Text& text, Tree& tree, Banners banners) {
  std::vector<Block> blocks;
  std::vector<Bytes> words;
  for (std::uint32_t number = 1; number <= text.lines(); ++number) {
    const Bytes line = text.line(number);
    const std::size_t indent = indent_of(line);
    Bytes said = line.substr(indent);
    // VRP and Comware put a `#` between blocks, and global settings behind it stand one blank in.
    if (said == "#" && indent == 0) blocks.clear();
    if (said.empty() || said.front() == '!' || said.front() == '#') continue;
    said = without_prompt(said);
    if (said.empty()) continue;
    if (banners == Banners::lines && line.starts_with("banner ")) continue;
    if (const Bytes delimiter = banner_end(line); !delimiter.empty()) {
      number = end_of_banner(text, number, delimiter);
      continue;
    }
    if (said.starts_with("certificate ") && indent > 0) {
      number = end_of_certificate(text, number);
      continue;
    }
    while (!blocks.empty() && blocks.back().indent >= indent) blocks.pop_back();
    split(said, number, tree, words);
    const Tree::Index parent = blocks.empty() ? Tree::kRoot : blocks.back().index;
    blocks.push_back({.indent = indent, .index = put_path(tree, parent, words, number)});
  }
}

}  // namespace viaduct::audit::syntax
