// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// A line and those that it goes on with.
struct Joined {
  struct Part {
    std::size_t begin = 0;
    std::uint32_t number = 0;
  };
  Bytes line;
  std::vector<Part> parts;

  /// In which line of the file `word`, a part of `line`, begins.
  [[nodiscard]] std::uint32_t number_of(Bytes word) const {
    const auto begin = static_cast<std::size_t>(word.data() - line.data());
    return std::prev(std::ranges::upper_bound(parts, begin, {}, &Part::begin))->number;
  }
};

/// Lines that end with a backslash go on with the next one, without its blanks at the beginning.
[[nodiscard]] Joined joined(const Text& text, std::uint32_t& number, Tree& tree) {
  Bytes line = text.line(number);
  Joined joined{.line = line, .parts = {{.begin = 0, .number = number}}};
  if (!line.ends_with('\\')) return joined;
  std::string whole(line.substr(0, line.size() - 1));
  while (number < text.last()) {
    line = text.line(++number);
    line.remove_prefix(indent_of(line));
    joined.parts.push_back({.begin = whole.size(), .number = number});
    const bool more = line.ends_with('\\');
    whole += more ? line.substr(0, line.size() - 1) : line;
    if (!more) break;
  }
  joined.line = tree.keep(std::move(whole));
  return joined;
}

/// Words between blanks; `key="a b"` and `[ find name=sip ]` are one each.
void tokens(Bytes line, std::vector<Bytes>& words) {
  words.clear();
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    bool quoted = false;
    int brackets = 0;
    for (; at < line.size(); ++at) {
      const char c = line[at];
      if (c == '\\' && quoted)
        ++at;
      else if (c == '"')
        quoted = !quoted;
      else if (!quoted && c == '[')
        ++brackets;
      else if (!quoted && c == ']')
        --brackets;
      else if (!quoted && brackets <= 0 && (c == ' ' || c == '\t'))
        break;
    }
    at = std::min(at, line.size());
    words.push_back(line.substr(begin, at - begin));
  }
}

[[nodiscard]] Bytes unquoted(Bytes value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

/// The place of `=` between key and value; npos in quotes and brackets.
[[nodiscard]] std::size_t equals_in(Bytes word) {
  const std::size_t at = word.find('=');
  return word.starts_with('[') || word.starts_with('"') ? Bytes::npos : at;
}

[[nodiscard]] bool verb(Bytes word) {
  return word == "add" || word == "set" || word == "remove" || word == "enable" || word == "disable";
}

class Builder {
 public:
  explicit Builder(Tree& tree) : tree_(tree) {}

  void line(const Joined& line) {
    tokens(line.line, words_);
    if (words_.empty() || words_[0].starts_with('#') || words_[0].starts_with(':')) return;
    std::size_t at = 0;
    if (words_[0].starts_with('/')) {
      menu_ = Tree::kRoot;
      for (; at < words_.size() && !verb(words_[at]); ++at) {
        const std::size_t slash = words_[at].rfind('/');
        const bool ends = verb(words_[at].substr(slash == Bytes::npos ? 0 : slash + 1));
        down(ends ? words_[at].substr(0, slash) : words_[at], line.number_of(words_[at]));
        if (!ends) continue;
        // RouterOS 7 writes `/ip/firewall/service-port/set sip disabled=yes`, too.
        words_[at].remove_prefix(slash + 1);
        break;
      }
    }
    if (at < words_.size()) command(at, line);
  }

 private:
  /// `/ip/firewall` and `/ip firewall` are the same.
  void down(Bytes word, std::uint32_t number) {
    while (!word.empty()) {
      const std::size_t slash = std::min(word.find('/'), word.size());
      if (slash > 0) menu_ = tree_.put(menu_, word.substr(0, slash), number);
      word.remove_prefix(std::min(slash + 1, word.size()));
    }
  }
  void command(std::size_t at, const Joined& line) {
    const Tree::Index command = tree_.append(menu_, words_[at], line.number_of(words_[at]));
    for (++at; at < words_.size(); ++at) {
      const Bytes word = words_[at];
      const std::uint32_t number = line.number_of(word);
      const std::size_t equals = equals_in(word);
      if (equals == Bytes::npos)
        tree_.put(command, unquoted(word), number);
      else
        tree_.put(tree_.put(command, word.substr(0, equals), number), unquoted(word.substr(equals + 1)), number);
    }
  }

  Tree& tree_;
  Tree::Index menu_ = Tree::kRoot;
  std::vector<Bytes> words_;
};

}  // namespace

void routeros(const Text& text, Tree& tree) {
  Builder builder(tree);
  for (std::uint32_t number = text.first(); number <= text.last(); ++number) builder.line(joined(text, number, tree));
}

}  // namespace viaduct::audit::syntax
