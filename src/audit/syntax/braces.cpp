// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

struct Token {
  enum class Kind : std::uint8_t { word, open, close, list, list_end, semicolon, line_end, end };
  Kind kind = Kind::end;
  Bytes word;
  std::uint32_t line = 0;
};

/// Words, braces and ends of statements; comments left out.
class Tokens {
 public:
  Tokens(const Text& text, Tree& tree) : text_(text), tree_(tree), octets_(text.octets()), line_(text.first()) {}

  Token next() {
    while (at_ < octets_.size()) {
      const char c = octets_[at_];
      if (c == ' ' || c == '\t' || c == '\f' || c == '\v') {
        ++at_;
      } else if (octets_.substr(at_, 2) == "/*") {
        skip_comment();
      } else if (c == '#' || octets_.substr(at_, 2) == "//") {
        at_ = std::min(octets_.find('\n', at_), octets_.size());
      } else {
        return take();
      }
    }
    return {.kind = Token::Kind::end, .word = {}, .line = line_};
  }

 private:
  Token take() {
    const std::uint32_t line = line_;
    switch (octets_[at_]) {
      case '{':
        return one(Token::Kind::open, line);
      case '}':
        return one(Token::Kind::close, line);
      case '[':
        return one(Token::Kind::list, line);
      case ']':
        return one(Token::Kind::list_end, line);
      case ';':
        return one(Token::Kind::semicolon, line);
      case '\n':
        ++line_;
        return one(Token::Kind::line_end, line);
      case '"':
      case '\'':
        return {.kind = Token::Kind::word, .word = quoted(octets_, at_, line_, tree_), .line = line};
      default:
        break;
    }
    const std::size_t begin = at_;
    at_ = std::min(octets_.find_first_of(" \t\f\v\n{};[]", at_), octets_.size());
    return {.kind = Token::Kind::word, .word = octets_.substr(begin, at_ - begin), .line = line};
  }
  Token one(Token::Kind kind, std::uint32_t line) {
    ++at_;
    return {.kind = kind, .word = {}, .line = line};
  }
  void skip_comment() {
    const std::size_t end = octets_.find("*/", at_ + 2);
    if (end == Bytes::npos) tree_.problem(line_, "a comment that does not end");
    const std::size_t stop = end == Bytes::npos ? octets_.size() : end + 2;
    line_ = text_.line_of(std::min(stop, octets_.size() - 1));
    at_ = stop;
  }

  const Text& text_;
  Tree& tree_;
  Bytes octets_;
  std::size_t at_ = 0;
  std::uint32_t line_;
};

class Builder {
 public:
  Builder(const Text& text, Tree& tree) : tokens_(text, tree), tree_(tree) {}

  void run() {
    for (Token token = tokens_.next(); token.kind != Token::Kind::end; token = tokens_.next()) {
      last_line_ = token.line;
      step(token);
    }
    finish();
    if (!open_.empty()) tree_.problem(last_line_, "the end, with a brace still open: the rest is missing");
  }

 private:
  void step(const Token& token) {
    switch (token.kind) {
      case Token::Kind::word:
        if (token.word == "inactive:" || token.word == "protect:" || token.word == "replace:")
          inactive_ |= token.word == "inactive:";
        else
          word(token);
        break;
      case Token::Kind::list:
        in_list_ = true;
        break;
      case Token::Kind::list_end:
        in_list_ = false;
        break;
      case Token::Kind::open:
        open();
        break;
      case Token::Kind::close:
        close(token.line);
        break;
      case Token::Kind::semicolon:
      case Token::Kind::line_end:
        if (!in_list_) finish();
        break;
      case Token::Kind::end:
        break;
    }
  }
  void word(const Token& token) {
    const Tree::Index put = tree_.put(at_, token.word, token.line);
    if (in_list_) return;
    at_ = put;
    begun_ = true;
  }
  void open() {
    open_.push_back(block_);
    if (inactive_) tree_.set_inactive(at_, true);
    block_ = at_;
    inactive_ = false;
    begun_ = false;
    in_list_ = false;
  }
  void close(std::uint32_t line) {
    finish();
    if (open_.empty()) {
      tree_.problem(line, "a closing brace too many");
      return;
    }
    block_ = open_.back();
    open_.pop_back();
    at_ = block_;
  }
  /// Of a statement.
  void finish() {
    if (begun_ && inactive_) tree_.set_inactive(at_, true);
    if (begun_) inactive_ = false;
    begun_ = false;
    in_list_ = false;
    at_ = block_;
  }

  Tokens tokens_;
  Tree& tree_;
  std::vector<Tree::Index> open_;
  Tree::Index block_ = Tree::kRoot;
  Tree::Index at_ = Tree::kRoot;
  std::uint32_t last_line_ = 1;
  bool inactive_ = false;
  bool begun_ = false;
  bool in_list_ = false;
};

}  // namespace

void braces(const Text& text, Tree& tree) {
  Builder(text, tree).run();
}

}  // namespace viaduct::audit::syntax
