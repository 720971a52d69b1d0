// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace viaduct::audit::syntax {
namespace {

class Builder {
 public:
  Builder(const Text& text, std::uint32_t first, std::uint32_t last, Tree& tree) : tree_(tree), line_(first) {
    for (std::uint32_t number = first; number <= last; ++number) octets_.append(text.line(number)).append("\n");
  }

  void run() {
    while (at_ < octets_.size()) step(octets_[at_]);
    end_command();
  }

 private:
  [[nodiscard]] char peek(std::size_t more = 1) const {
    return at_ + more < octets_.size() ? octets_[at_ + more] : '\0';
  }

  void step(char c) {
    if (c == '\\') {
      escaped();
    } else if (c == '\'' || c == '"') {
      quote(c);
    } else if (c == ' ' || c == '\t') {
      end_word();
      ++at_;
    } else if (c == '\n') {
      end_line();
    } else if (c == '#' && !in_word_) {
      at_ = octets_.find('\n', at_);
    } else if (c == '<' && peek() == '<' && peek(2) != '<') {
      here_document();
    } else if (ends_command(c)) {
      end_command();
      ++at_;
    } else {
      take(c);
    }
  }
  /// `2>&1` is a word.
  [[nodiscard]] bool ends_command(char c) const {
    if (c == '&' && (peek() == '>' || (in_word_ && word_.ends_with('>')))) return false;
    return Bytes(";&|()`").find(c) != Bytes::npos;
  }
  void take(char c) {
    if (words_.empty() && !in_word_) begin_ = line_;
    in_word_ = true;
    if (c == '\n') ++line_;
    word_ += c;
    ++at_;
  }
  /// A line that ends with a backslash goes on in the next one.
  void escaped() {
    const char next = peek();
    ++at_;
    if (next != '\n') return next == '\0' ? void() : take(next);
    ++line_;
    ++at_;
  }
  void quote(char sign) {
    if (words_.empty() && !in_word_) begin_ = line_;
    in_word_ = true;
    for (++at_; at_ < octets_.size() && octets_[at_] != sign;) {
      const bool escape = sign == '"' && octets_[at_] == '\\' && Bytes("\"\\$`\n").find(peek()) != Bytes::npos;
      if (escape)
        escaped();
      else
        take(octets_[at_]);
    }
    ++at_;
  }
  /// `<<EOF`: its lines come behind this one.
  void here_document() {
    end_word();
    at_ += 2;
    strip_ = at_ < octets_.size() && octets_[at_] == '-';
    if (strip_) ++at_;
    while (at_ < octets_.size() && octets_[at_] == ' ') ++at_;
    const std::size_t end = std::min(octets_.find_first_of(" \t\n;|&)>", at_), octets_.size());
    delimiter_.clear();
    for (const char c : Bytes(octets_).substr(at_, end - at_))
      if (Bytes("'\"\\").find(c) == Bytes::npos) delimiter_ += c;
    at_ = end;
  }
  void end_line() {
    const Tree::Index command = end_command();
    ++at_;
    ++line_;
    while (!delimiter_.empty() && at_ < octets_.size()) {
      const std::size_t end = octets_.find('\n', at_);
      Bytes line = Bytes(octets_).substr(at_, end - at_);
      if (strip_) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line == delimiter_)
        delimiter_.clear();
      else if (command != Tree::kAbsent)
        tree_.append(tree_.put(command, "<<", line_), tree_.keep(std::string(line)), line_);
      at_ = end + 1;
      ++line_;
    }
    delimiter_.clear();
  }
  void end_word() {
    static constexpr auto kBefore =
        std::to_array<Bytes>({"if", "then", "else", "elif", "do", "while", "until", "!", "{", "exec", "command"});
    const bool before = words_.empty() && std::ranges::find(kBefore, Bytes(word_)) != kBefore.end();
    if (in_word_ && !before) words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }
  Tree::Index end_command() {
    end_word();
    if (words_.empty()) return Tree::kAbsent;
    const Tree::Index command = tree_.append(Tree::kRoot, "command", begin_);
    for (std::string& word : words_) tree_.append(command, tree_.keep(std::move(word)), begin_);
    words_.clear();
    return command;
  }

  Tree& tree_;
  std::string octets_;
  std::size_t at_ = 0;
  std::uint32_t line_;
  std::uint32_t begin_ = 0;  ///< line of the command
  std::string word_;
  bool in_word_ = false;
  std::vector<std::string> words_;
  std::string delimiter_;  ///< of a here-document that begins behind this line; empty: none
  bool strip_ = false;     ///< tabs before its lines
};

}  // namespace

void shell(const Text& text, std::uint32_t first, std::uint32_t last, Tree& tree) {
  Builder(text, first, last, tree).run();
}

}  // namespace viaduct::audit::syntax
