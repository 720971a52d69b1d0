// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// A statement may go over lines inside of quotes (certificates, messages to users).
class Statements {
 public:
  Statements(const Text& text, Tree& tree)
      : octets_(text.octets()), tree_(tree), line_(text.first()), next_line_(text.first()) {}

  /// The words of the next line that has any; empty at the end.
  const std::vector<Bytes>& next() {
    words_.clear();
    while (at_ < octets_.size() && words_.empty()) read();
    return words_;
  }
  [[nodiscard]] std::uint32_t line() const { return line_; }

 private:
  void read() {
    line_ = next_line_;
    while (at_ < octets_.size()) {
      const char c = octets_[at_];
      if (c == '\n') {
        ++at_;
        ++next_line_;
        return;
      }
      if (c == ' ' || c == '\t') {
        ++at_;
      } else if (c == '#' && words_.empty()) {
        at_ = std::min(octets_.find('\n', at_), octets_.size());
      } else {
        words_.push_back(c == '"' ? quoted(octets_, at_, next_line_, tree_) : bare());
      }
    }
  }
  Bytes bare() {
    const std::size_t begin = at_;
    at_ = std::min(octets_.find_first_of(" \t\n", at_), octets_.size());
    return octets_.substr(begin, at_ - begin);
  }

  Bytes octets_;
  Tree& tree_;
  std::size_t at_ = 0;
  std::uint32_t line_;
  std::uint32_t next_line_;
  std::vector<Bytes> words_;
};

/// `FGT (root) # show`: what was typed behind the prompt of a console.
[[nodiscard]] std::size_t typed_after(const std::vector<Bytes>& words) {
  const std::size_t sign = words.size() > 1 && words[1].starts_with('(') && words[1].ends_with(')') ? 2 : 1;
  return words.size() > sign && (words[sign] == "#" || words[sign] == "$") ? sign + 1 : 0;
}

struct Open {
  bool edit = false;
  Tree::Index before = Tree::kRoot;
};

class Builder {
 public:
  explicit Builder(Tree& tree) : tree_(tree) {}

  void statement(const std::vector<Bytes>& words, std::uint32_t line) {
    const Bytes verb = words[0];
    if (const std::size_t typed = verb == "set" ? 0 : typed_after(words); typed != 0) {
      tree_.put(tree_.put(Tree::kRoot, "prompt", line), verb, line);
      filtered_.clear();
      if (words.size() > typed) statement({words.begin() + static_cast<std::ptrdiff_t>(typed), words.end()}, line);
      return;
    }
    const std::vector<Bytes> rest(words.begin() + 1, words.end());
    if (verb == "show") {
      asked(rest);
    } else if (verb == "config" || verb == "edit") {
      open_.push_back({.edit = verb == "edit", .before = at_});
      at_ = put_path(tree_, at_, rest, line);
    } else if (verb == "next" || verb == "end") {
      close(verb == "end", line);
    } else if (verb == "set" || verb == "append") {
      set(rest, line);
    } else if ((verb == "delete" || verb == "unset") && !rest.empty()) {
      if (const Tree::Index found = tree_.find(at_, rest[0]); found != Tree::kAbsent) tree_.remove(found);
    } else if (verb == "abort") {
      while (!open_.empty()) pop();
    }
  }
  void finish(std::uint32_t line) {
    if (!open_.empty()) tree_.problem(line, "the end, within a block: the rest is missing");
  }

 private:
  /// `show full-configuration system global | grep udp-idle` is answered by lines without the blocks that they stand
  /// in.
  void asked(const std::vector<Bytes>& words) {
    const auto pipe = std::ranges::find(words, Bytes("|"));
    const auto path = words.begin() + (!words.empty() && words.front() == "full-configuration" ? 1 : 0);
    if (pipe == words.end() || path >= pipe) return;
    filtered_ = {"filtered"};
    filtered_.insert(filtered_.end(), path, pipe);
  }
  /// `end` closes an `edit` that no `next` closed, too.
  void close(bool config, std::uint32_t line) {
    if (config && !open_.empty() && open_.back().edit) pop();
    if (open_.empty() || open_.back().edit == config)
      tree_.problem(line, config ? "an 'end' too many" : "a 'next' too many");
    else
      pop();
  }
  void pop() {
    at_ = open_.back().before;
    open_.pop_back();
  }
  /// Several values are several words under the name.
  void set(const std::vector<Bytes>& rest, std::uint32_t line) {
    if (rest.empty()) return;
    const Tree::Index at = open_.empty() ? put_path(tree_, at_, filtered_, line) : at_;
    if (const Tree::Index before = tree_.find(at, rest[0]); before != Tree::kAbsent && rest.size() > 1)
      tree_.remove(before);
    const Tree::Index name = tree_.put(at, rest[0], line);
    for (std::size_t i = 1; i < rest.size(); ++i) tree_.put(name, rest[i], line);
  }

  Tree& tree_;
  std::vector<Open> open_;
  std::vector<Bytes> filtered_;  ///< where the answer to a filtered `show` belongs; empty: none is read
  Tree::Index at_ = Tree::kRoot;
};

}  // namespace

void fortios(const Text& text, Tree& tree) {
  Statements statements(text, tree);
  Builder builder(tree);
  for (const std::vector<Bytes>* words = &statements.next(); !words->empty(); words = &statements.next())
    builder.statement(*words, statements.line());
  builder.finish(text.last());
}

}  // namespace viaduct::audit::syntax
