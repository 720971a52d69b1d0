// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

using Words = std::vector<Bytes>;

class Builder {
 public:
  explicit Builder(Tree& tree) : tree_(tree) {}

  void line(Bytes line, std::uint32_t number) {
    line.remove_prefix(indent_of(line));
    if (line.empty() || line.front() == '#') return;
    if (line.front() == '*') {
      table_ = line.substr(1, line.find_first_of(" \t") - 1);
      tree_.put(Tree::kRoot, table_, number);
      return;
    }
    split(line, number, tree_, words_);
    if (line.front() == ':' && words_.size() > 1)
      tree_.put(tree_.put(chain(words_[0].substr(1), number), "policy", number), words_[1], number);
    else
      command(number);
  }

 private:
  [[nodiscard]] Tree::Index chain(Bytes name, std::uint32_t number) {
    return tree_.put(tree_.put(Tree::kRoot, table_, number), name, number);
  }
  /// `-A CHAIN ...` of iptables-save, or the same in a script behind whatever it calls iptables by.
  void command(std::uint32_t number) {
    Bytes verb;
    std::size_t at = 0;
    Bytes table = called_directly() ? table_ : Bytes("filter");
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      if (words_[i] == "-t" || words_[i] == "--table") table = words_[i + 1];
      if (!verb.empty() || !acts(words_[i])) continue;
      verb = words_[i];
      at = i + 1;
    }
    if (verb.empty()) return;
    table_ = table;
    const Tree::Index rule = tree_.append(chain(words_[at], number),
                                          verb.starts_with("-D") || verb == "--delete" ? "delete" : "rule", number);
    for (std::size_t i = at + 1; i < words_.size(); ++i) tree_.append(rule, words_[i], number);
  }
  [[nodiscard]] bool called_directly() const {
    return !words_.empty() && words_[0].starts_with('-') && !table_.empty();
  }
  [[nodiscard]] static bool acts(Bytes word) {
    return word == "-A" || word == "-I" || word == "-D" || word == "--append" || word == "--insert" ||
           word == "--delete";
  }

  Tree& tree_;
  Bytes table_;
  Words words_;
};

}  // namespace

void iptables_save(const Text& text, Tree& tree) {
  Builder builder(tree);
  for (std::uint32_t number = 1; number <= text.lines(); ++number) builder.line(text.line(number), number);
}

}  // namespace viaduct::audit::syntax
