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
  for (std::uint32_t next = number + 1; next <= text.last(); ++next)
    if (text.line(next).find(delimiter) != Bytes::npos) return next;
  return number;
}

/// The same for `certificate ...`, which ends with `quit`.
[[nodiscard]] std::uint32_t end_of_certificate(const Text& text, std::uint32_t number) {
  for (std::uint32_t next = number + 1; next <= text.last(); ++next)
    if (text.line(next).substr(indent_of(text.line(next))) == "quit") return next;
  return number;
}

/// Prompts of consoles: what was typed behind them, and how deep the view is in which it was typed.
class Prompts {
 public:
  /// Takes the prompt from `said`, which begins its line, and sets `indent` where there was one. Nothing is left of a
  /// command that only asks.
  void strip(Bytes& said, std::size_t& indent) {
    if (said.front() == '[' || said.front() == '<') return bracketed(said, indent);
    const std::size_t sign = said.find_first_of("#>");
    const Bytes name = said.substr(0, sign);
    if (sign == Bytes::npos || name.empty() || name.find_first_of(" \t\"'=:,") != Bytes::npos) return;
    said.remove_prefix(std::min(said.find_first_not_of(' ', sign + 1), said.size()));
    const std::size_t mode = name.find("(config");
    if (mode == Bytes::npos || said.starts_with("do ")) said = {};
    if (mode == Bytes::npos) return;
    indent = name.ends_with("(config)") ? 0 : name.ends_with("-c)") ? 2 : 1;
  }

 private:
  /// `[Huawei]nat alg sip enable`, `[Huawei-interzone-trust-untrust]detect sip`. `[V200R010C10]` is no prompt.
  void bracketed(Bytes& said, std::size_t& indent) {
    const bool configures = said.front() == '[';
    const std::size_t end = said.find(configures ? ']' : '>');
    if (end == Bytes::npos || end + 1 == said.size()) return;
    Bytes name = said.substr(1, end - 1);
    while (name.starts_with('~') || name.starts_with('*')) name.remove_prefix(1);
    said.remove_prefix(end + 1);
    said.remove_prefix(indent_of(said));
    if (!configures) return;
    if (base_.empty() || within(base_, name)) base_ = name;
    indent = within(name, base_) ? 1 : 0;
  }
  [[nodiscard]] static bool within(Bytes view, Bytes outer) {
    return view.size() > outer.size() && view.starts_with(outer) && view[outer.size()] == '-';
  }

  Bytes base_;  ///< the name of the device
};

/// `no X` takes away what the statement X said before in the same place; readers see the `no` as well.
void take_back(Tree& tree, Tree::Index parent, const std::vector<Bytes>& words) {
  for (std::size_t i = 1; i < words.size() && parent != Tree::kAbsent; ++i) parent = tree.find(parent, words[i]);
  if (words.size() > 1 && parent != Tree::kAbsent && tree.ended(parent) != 0) tree.remove(parent);
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
  Prompts prompts;
  for (std::uint32_t number = text.first(); number <= text.last(); ++number) {
    const Bytes line = text.line(number);
    std::size_t indent = indent_of(line);
    Bytes said = line.substr(indent);
    // VRP and Comware put a `#` between blocks, and global settings behind it stand one blank in.
    if (said == "#" && indent == 0) blocks.clear();
    if (said.empty() || said.front() == '!' || said.front() == '#') continue;
    if (indent == 0 || said.front() == '[') prompts.strip(said, indent);
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
    if (!words.empty() && words[0] == "no") take_back(tree, parent, words);
    blocks.push_back({.indent = indent, .index = put_path(tree, parent, words, number)});
  }
}

}  // namespace viaduct::audit::syntax
