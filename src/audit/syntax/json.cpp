// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"

#include <nlohmann/json.hpp>

#include <iterator>

namespace viaduct::audit::syntax {
namespace {

/// Hands out octets and counts lines, since the parser tells no places.
class Counting {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counting(const char* at, std::uint32_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  Counting& operator++() {
    if (*at_++ == '\n') ++*line_;
    return *this;
  }
  Counting operator++(int) {
    const Counting before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Counting& a, const Counting& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  std::uint32_t* line_;
};

class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(Bytes octets, Tree& tree, const std::uint32_t& line) : octets_(octets), tree_(tree), line_(line) {}

  bool null() override { return value("null"); }
  bool boolean(bool said) override { return value(said ? "true" : "false"); }
  bool number_integer(number_integer_t said) override { return value(std::to_string(said)); }
  bool number_unsigned(number_unsigned_t said) override { return value(std::to_string(said)); }
  bool number_float(number_float_t, const string_t& said) override { return value(said); }
  bool string(string_t& said) override { return value(said); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return begin(false); }
  bool start_array(std::size_t) override { return begin(true); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool key(string_t& said) override {
    // A number before it may have been read to the first octet of the next line: a key is where it ends.
    open_.back().key = tree_.put(open_.back().index, tree_.keep(said), line_);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    const bool cut = octets_.find_first_not_of(" \t\n", position) == Bytes::npos;
    tree_.problem(line_, cut ? std::string("the JSON ends in the middle of a value")
                             : std::string("broken JSON: ") + error.what());
    return false;
  }

 private:
  struct Open {
    Tree::Index index = Tree::kRoot;
    Tree::Index key = Tree::kAbsent;
    bool array = false;
  };

  /// Where a value that begins now belongs.
  [[nodiscard]] Tree::Index place(bool container) {
    if (open_.empty()) return Tree::kRoot;
    if (!open_.back().array) return open_.back().key;
    return container ? tree_.append(open_.back().index, "[]", line_) : open_.back().index;
  }
  bool value(std::string said) {
    tree_.put(place(false), tree_.keep(std::move(said)), line_);
    return true;
  }
  bool begin(bool array) {
    open_.push_back({.index = place(true), .key = Tree::kAbsent, .array = array});
    if (open_.size() < Tree::kMaxDepth) return true;
    tree_.problem(line_, "the JSON is nested too deeply");
    return false;
  }
  bool end() {
    open_.pop_back();
    return true;
  }

  Bytes octets_;
  Tree& tree_;
  const std::uint32_t& line_;
  std::vector<Open> open_;
};

}  // namespace

void json(const Text& text, Tree& tree) {
  std::uint32_t line = text.first();
  const Bytes octets = text.octets();
  Builder builder(octets, tree, line);
  nlohmann::json::sax_parse(Counting(octets.data(), &line), Counting(octets.data() + octets.size(), &line), &builder);
}

}  // namespace viaduct::audit::syntax
