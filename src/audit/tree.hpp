// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"
#include "base/keyed_hash.hpp"

#include <compare>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

namespace viaduct::audit {

class Tree;

/// A place in a tree, or nothing at all: what is asked of nothing is nothing, so that questions can be chained.
class Node {
 public:
  class Iterator;
  class Children;

  Node() = default;
  [[nodiscard]] explicit operator bool() const { return tree_ != nullptr; }
  [[nodiscard]] Bytes word() const;
  /// The line that said so last; 0 for nothing and for the root.
  [[nodiscard]] std::uint32_t line() const;
  /// The line of the last statement that ends with this word: `detect sip` and `detect sip tcp` are two statements. 0:
  /// this word is only on the way to others, or the syntax has no such ends.
  [[nodiscard]] std::uint32_t ended() const;
  /// Whether it, or what it stands in, was switched off where it stands (Junos `inactive:`, `deactivate`).
  [[nodiscard]] bool inactive() const;
  [[nodiscard]] Node parent() const;
  /// The child with this word, letters as they are.
  [[nodiscard]] Node operator[](Bytes word) const;
  /// The same along several words.
  [[nodiscard]] Node at(std::initializer_list<Bytes> words) const;
  /// The first child: the value of what has one value.
  [[nodiscard]] Node first() const;
  /// Its word, empty without one.
  [[nodiscard]] Bytes value() const { return first().word(); }
  /// In the order of the text.
  [[nodiscard]] Children children() const;

  /// An order, for maps by places of one tree.
  friend auto operator<=>(Node, Node) = default;

 private:
  friend class Tree;
  Node(const Tree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}

  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

/// What a configuration says, one word a node: `set system host-name r1` is system, in it host-name, in it r1, whether
/// it came as a line or in braces. Words of one parent that are the same are one node, unless a parser appends (rules,
/// whose order counts). Borrows from the Text; not to be moved once nodes are handed out.
class Tree {
 public:
  using Index = std::uint32_t;
  static constexpr Index kRoot = 0;
  static constexpr Index kAbsent = 0xffffffff;
  /// What is deeper than this is left out: no configuration is, and hostile text must not exhaust a stack.
  static constexpr std::uint32_t kMaxDepth = 256;
  static constexpr std::uint32_t kMaxNodes = 8U << 20;
  /// Longer words are cut: names are told again and again, and no configuration has such names.
  static constexpr std::size_t kMaxWord = 4096;

  Tree();

  /// The child of `parent` with this word, made if it is not there. `line` becomes its line.
  Index put(Index parent, Bytes word, std::uint32_t line);
  /// A new child whatever is there; `[]` finds the first of equals.
  Index append(Index parent, Bytes word, std::uint32_t line);
  /// For words that do not stand in the text as they are (quotes, escapes).
  [[nodiscard]] Bytes keep(std::string word) { return owned_.emplace_back(std::move(word)); }
  void end(Index index, std::uint32_t line) { entries_[index].ended = line; }
  [[nodiscard]] std::uint32_t ended(Index index) const { return entries_[index].ended; }
  void set_inactive(Index index, bool inactive) { entries_[index].inactive = inactive; }
  /// As `delete` does: it is no child any more, and what it held is gone with it.
  void remove(Index index);
  /// The child of `parent` with this word, or kAbsent.
  [[nodiscard]] Index find(Index parent, Bytes word) const;
  [[nodiscard]] std::uint32_t depth(Index index) const { return entries_[index].depth; }

  [[nodiscard]] Node root() const { return {*this, kRoot}; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Parsers say here what they could not read: "line 12: a quote that does not end".
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  void problem(std::uint32_t line, Bytes what);

 private:
  friend class Node;
  struct Entry {
    Bytes word;
    Index parent = kAbsent;
    Index first = kAbsent;
    Index last = kAbsent;
    Index next = kAbsent;
    std::uint32_t line = 0;
    std::uint32_t ended = 0;
    std::uint16_t depth = 0;
    bool inactive = false;
    bool removed = false;
  };

  /// With a part of the hash, so that few entries have to be looked at, and none to grow.
  struct Slot {
    Index index = kAbsent;
    std::uint32_t hash = 0;
  };
  /// Where (parent, word) is or would be: an index into `slots_`.
  struct Place {
    std::size_t slot;
    std::uint32_t hash;
  };
  [[nodiscard]] Place place_of(Index parent, Bytes word) const;
  Index append_at(Place place, Index parent, Bytes word, std::uint32_t line);
  /// `index`, or the next after it that was not removed.
  [[nodiscard]] Index present(Index index) const;
  void grow();

  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  ///< open addressing over (parent, word)
  std::size_t used_ = 0;
  std::deque<std::string> owned_;
  std::vector<std::string> problems_;
  base::HashKey key_;
};

class Node::Iterator {
 public:
  using value_type = Node;
  using difference_type = std::ptrdiff_t;

  Iterator() = default;
  explicit Iterator(Node at) : at_(at) {}
  Node operator*() const { return at_; }
  Iterator& operator++();
  Iterator operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Iterator&, const Iterator&) = default;

 private:
  Node at_;
};

class Node::Children {
 public:
  explicit Children(Node first) : first_(first) {}
  [[nodiscard]] Iterator begin() const { return Iterator(first_); }
  [[nodiscard]] static Iterator end() { return {}; }

 private:
  Node first_;
};

}  // namespace viaduct::audit
