// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"

#include <vector>

namespace viaduct::audit::syntax {
namespace {

struct Token {
  enum class Kind : std::uint8_t { word, open, close, colon, comma, end_of_statement, end };
  Kind kind = Kind::end;
  Bytes word{};
  std::uint32_t line = 0;
};

class Tokens {
 public:
  Tokens(const Text& text, Tree& tree) : tree_(tree), octets_(text.octets()), line_(text.first()) {}

  Token next() {
    while (at_ < octets_.size()) {
      const char c = octets_[at_];
      if (c == ' ' || c == '\t' || c == '\f' || c == '\v') {
        ++at_;
      } else if (octets_.substr(at_, 2) == "\\\n") {
        at_ += 2;
        ++line_;
      } else if (c == '#') {
        at_ = std::min(octets_.find('\n', at_), octets_.size());
      } else {
        return take(c);
      }
    }
    return {.kind = Token::Kind::end, .line = line_};
  }

 private:
  Token take(char c) {
    const std::uint32_t line = line_;
    switch (c) {
      case '{':
        return one(Token::Kind::open, line);
      case '}':
        return one(Token::Kind::close, line);
      case ',':
        return one(Token::Kind::comma, line);
      case ';':
        return one(Token::Kind::end_of_statement, line);
      case '\n':
        ++line_;
        return one(Token::Kind::end_of_statement, line);
      case '"':
        return {.kind = Token::Kind::word, .word = quoted(), .line = line};
      default:
        break;
    }
    // A colon is a sign of its own between blanks only: addresses of IPv6 hold some.
    if (c == ':' && at_ + 1 < octets_.size() && (octets_[at_ + 1] == ' ' || octets_[at_ + 1] == '\n'))
      return one(Token::Kind::colon, line);
    const std::size_t begin = at_;
    at_ = std::min(octets_.find_first_of(" \t\f\v\n{};,", at_ + 1), octets_.size());
    return {.kind = Token::Kind::word, .word = octets_.substr(begin, at_ - begin), .line = line};
  }
  Token one(Token::Kind kind, std::uint32_t line) {
    ++at_;
    return {.kind = kind, .line = line};
  }
  /// No escapes, and no line goes on in the next one.
  Bytes quoted() {
    const std::size_t begin = ++at_;
    at_ = std::min(octets_.find_first_of("\"\n", at_), octets_.size());
    const Bytes inside = octets_.substr(begin, at_ - begin);
    if (at_ < octets_.size() && octets_[at_] == '"')
      ++at_;
    else
      tree_.problem(line_, "a quote that does not end");
    return inside;
  }

  Tree& tree_;
  Bytes octets_;
  std::size_t at_ = 0;
  std::uint32_t line_;
};

[[nodiscard]] bool family(Bytes word) {
  return word == "ip" || word == "ip6" || word == "inet" || word == "arp" || word == "bridge" || word == "netdev";
}

class Builder {
 public:
  Builder(const Text& text, Tree& tree) : tokens_(text, tree), tree_(tree) {}

  void run() {
    Token token = tokens_.next();
    for (; token.kind != Token::Kind::end; token = tokens_.next()) step(token);
    finish();
    if (!blocks_.empty()) tree_.problem(token.line, "the end, with a brace still open: the rest is missing");
  }

 private:
  struct Block {
    Tree::Index index = Tree::kRoot;
    Bytes kind;  ///< table, chain, set, ct ...
  };

  void step(const Token& token) {
    switch (token.kind) {
      case Token::Kind::open:
        if (opens_block())
          open();
        else
          set(token.line);
        break;
      case Token::Kind::close:
        finish();
        if (blocks_.empty())
          tree_.problem(token.line, "a closing brace too many");
        else
          blocks_.pop_back();
        break;
      case Token::Kind::end_of_statement:
        finish();
        break;
      case Token::Kind::word:
        word(token);
        break;
      default:
        break;
    }
  }
  void word(const Token& token) {
    if (rule_ != Tree::kAbsent) {
      tree_.append(rule_, token.word, token.line);
    } else if (begins_rule(token.word)) {
      rule_ = tree_.append(blocks_.back().index, "rule", token.line);
      tree_.append(rule_, token.word, token.line);
    } else {
      statement_.push_back(token);
      begin_added_rule();
    }
  }
  /// In a chain all is a rule that does not describe the chain.
  [[nodiscard]] bool begins_rule(Bytes word) const {
    return !blocks_.empty() && blocks_.back().kind == "chain" && statement_.empty() && word != "type" &&
           word != "policy" && word != "comment" && word != "flags" && word != "devices";
  }
  /// `table inet filter {` and what stands in it; braces within that hold elements. `add chain inet filter pre {` at
  /// the top.
  [[nodiscard]] bool opens_block() const {
    if (statement_.empty() || rule_ != Tree::kAbsent) return false;
    if (!blocks_.empty()) return blocks_.back().kind == "table";
    return kind() != "define" && kind() != "element";
  }
  [[nodiscard]] bool adds() const {
    if (!blocks_.empty() || statement_.size() < 2) return false;
    const Bytes first = statement_.front().word;
    return first == "add" || first == "create" || first == "insert";
  }
  [[nodiscard]] Bytes kind() const { return statement_[adds() ? 1 : 0].word; }

  /// Where a statement stands: `add chain inet filter pre` is what `table inet filter { chain pre` is.
  [[nodiscard]] Tree::Index path() {
    Tree::Index at = blocks_.empty() ? Tree::kRoot : blocks_.back().index;
    if (statement_.empty()) return at;
    std::size_t from = 0;
    if (adds() || (blocks_.empty() && kind() == "table")) {
      const std::size_t begin = adds() ? 1 : 0;
      const std::size_t names = begin + (kind() == "table" ? 1 : kind() == "ct" ? 2 : 1);
      const bool said = names < statement_.size() && family(statement_[names].word);
      at = tree_.put(tree_.put(at, "table", statement_[0].line), said ? statement_[names].word : Bytes("ip"),
                     statement_[0].line);
      from = names + (said ? 1 : 0);
      if (kind() != "table") {
        if (from < statement_.size()) at = put(at, statement_[from++]);
        for (std::size_t i = begin; i < names; ++i) at = put(at, statement_[i]);
      }
    }
    for (std::size_t i = from; i < statement_.size(); ++i) at = put(at, statement_[i]);
    return at;
  }
  Tree::Index put(Tree::Index at, const Token& token) { return tree_.put(at, token.word, token.line); }

  /// `add rule inet filter pre`: what follows are the words of a rule.
  void begin_added_rule() {
    if (!adds() || kind() != "rule" || statement_.size() < 4) return;
    const bool said = family(statement_[2].word);
    if (said && statement_.size() < 5) return;
    const std::uint32_t line = statement_[0].line;
    const std::size_t table = said ? 3 : 2;
    Tree::Index at = tree_.put(Tree::kRoot, "table", line);
    at = put(tree_.put(at, said ? statement_[2].word : Bytes("ip"), line), statement_[table]);
    rule_ = tree_.append(put(tree_.put(at, "chain", line), statement_[table + 1]), "rule", line);
  }
  void open() {
    const Bytes kind = this->kind();
    blocks_.push_back({.index = path(), .kind = kind});
    statement_.clear();
  }
  /// Elements until the brace that closes them.
  void set(std::uint32_t line) {
    const Tree::Index owner = rule_ != Tree::kAbsent ? rule_ : path();
    const Tree::Index elements = tree_.append(owner, "{}", line);
    Tree::Index element = Tree::kAbsent;
    bool right = false;
    for (Token token = tokens_.next(); token.kind != Token::Kind::close && token.kind != Token::Kind::end;
         token = tokens_.next()) {
      if (token.kind == Token::Kind::comma)
        element = Tree::kAbsent;
      else if (token.kind == Token::Kind::word && right && element != Tree::kAbsent)
        tree_.put(element, token.word, token.line);
      else if (token.kind == Token::Kind::word)
        element = tree_.append(elements, token.word, token.line);
      if (token.kind == Token::Kind::comma || token.kind == Token::Kind::colon)
        right = token.kind == Token::Kind::colon;
    }
  }
  void finish() {
    if (!statement_.empty() && rule_ == Tree::kAbsent) static_cast<void>(path());
    statement_.clear();
    rule_ = Tree::kAbsent;
  }

  Tokens tokens_;
  Tree& tree_;
  std::vector<Block> blocks_;
  std::vector<Token> statement_;
  Tree::Index rule_ = Tree::kAbsent;
};

}  // namespace

void nft(const Text& text, Tree& tree) {
  Builder(text, tree).run();
}

}  // namespace viaduct::audit::syntax
