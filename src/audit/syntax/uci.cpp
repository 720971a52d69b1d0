// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

/// Of a file that names no package: the one whose sections these are is told by its types, which is the reader's work.
constexpr Bytes kNoPackage = "config";

class Builder {
 public:
  explicit Builder(Tree& tree) : tree_(tree) {}

  void line(Bytes line, std::uint32_t number) {
    const Bytes said = line.substr(indent_of(line));
    if (said.empty() || said.front() == '#') return;
    split(said, number, tree_, words_);
    if (words_.empty()) return;
    if (words_.size() == 1 || words_[0].find('=') != Bytes::npos)
      shown(said, number);
    else
      written(number);
  }

 private:
  void written(std::uint32_t number) {
    if (words_[0] == "package") {
      package_ = tree_.put(Tree::kRoot, words_[1], number);
      section_ = Tree::kAbsent;
    } else if (words_[0] == "config") {
      if (package_ == Tree::kAbsent) package_ = tree_.put(Tree::kRoot, kNoPackage, number);
      section_ = words_.size() > 2 ? tree_.put(package_, words_[2], number) : tree_.append(package_, words_[1], number);
      type(section_, words_[1], number);
    } else if ((words_[0] == "option" || words_[0] == "list") && words_.size() > 2 && section_ != Tree::kAbsent) {
      if (const Tree::Index before = tree_.find(section_, words_[1]); words_[0] == "option" && before != Tree::kAbsent)
        tree_.remove(before);
      tree_.put(tree_.put(section_, words_[1], number), words_[2], number);
    }
  }
  /// `firewall.@zone[1].input='ACCEPT'`, `firewall.cfg02e63d=zone`.
  void shown(Bytes said, std::uint32_t number) {
    const std::size_t equals = said.find('=');
    const std::size_t dot = said.find('.');
    if (equals == Bytes::npos || dot > equals) return;
    const Tree::Index package = tree_.put(Tree::kRoot, said.substr(0, dot), number);
    Bytes name = said.substr(dot + 1, equals - dot - 1);
    const std::size_t second = name.find('.');
    const Bytes key = second == Bytes::npos ? Bytes() : name.substr(second + 1);
    name = name.substr(0, second);
    split(said.substr(equals + 1), number, tree_, words_);
    const Tree::Index section = tree_.put(package, name, number);
    if (key.empty()) {
      if (!words_.empty()) type(section, words_[0], number);
      return;
    }
    const Tree::Index option = tree_.put(section, key, number);
    for (const Bytes value : words_) tree_.put(option, value, number);
  }
  void type(Tree::Index section, Bytes type, std::uint32_t number) {
    tree_.put(tree_.put(section, "@type", number), type, number);
  }

  Tree& tree_;
  Tree::Index package_ = Tree::kAbsent;
  Tree::Index section_ = Tree::kAbsent;
  std::vector<Bytes> words_;
};

}  // namespace

void uci(const Text& text, Tree& tree) {
  Builder builder(tree);
  for (const std::uint32_t number : text.numbers()) builder.line(text.line(number), number);
}

}  // namespace viaduct::audit::syntax
