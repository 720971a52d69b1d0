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
    line = without_counters(line);
    if (line.empty() || line.front() == '#') return;
    if (line == "COMMIT") {
      open_ = 0;
      return;
    }
    if (line.front() == '*') {
      finish();
      open_ = number;
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
  /// At the end, or where another table begins.
  void finish() {
    if (open_ != 0) tree_.problem(open_, "the table has no COMMIT: the rest of it is missing");
    open_ = 0;
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
    const bool deletes = verb.starts_with("-D") || verb == "--delete";
    const bool inserts = verb == "-I" || verb == "--insert";
    const Tree::Index rule = tree_.append(chain(words_[at], number),
                                          deletes   ? "delete"
                                          : inserts ? "insert"
                                                    : "rule",
                                          number);
    for (std::size_t i = at + 1; i < words_.size(); ++i) append(rule, words_[i], number);
  }
  /// `--dport=5060` is `--dport 5060`.
  void append(Tree::Index rule, Bytes word, std::uint32_t number) {
    const std::size_t equals = word.starts_with("--") ? word.find('=') : Bytes::npos;
    tree_.append(rule, word.substr(0, equals), number);
    if (equals != Bytes::npos) tree_.append(rule, word.substr(equals + 1), number);
  }
  /// `[12:3456] -A CHAIN ...`, which iptables-save -c of old prints.
  [[nodiscard]] static Bytes without_counters(Bytes line) {
    const std::size_t end = line.find("] -");
    if (!line.starts_with('[') || end == Bytes::npos || line.find_first_not_of("0123456789:", 1) != end) return line;
    return line.substr(end + 2);
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
  std::uint32_t open_ = 0;  ///< line of a table of iptables-save that no COMMIT closed yet
  Words words_;
};

}  // namespace

void iptables_save(const Text& text, Tree& tree) {
  Builder builder(tree);
  for (const std::uint32_t number : text.numbers()) builder.line(text.line(number), number);
  builder.finish();
}

}  // namespace viaduct::audit::syntax
