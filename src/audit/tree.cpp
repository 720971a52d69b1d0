// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/tree.hpp"

#include <cstring>
#include <random>
#include <utility>

namespace viaduct::audit {
namespace {

constexpr std::size_t kMaxProblems = 16;

[[nodiscard]] base::HashKey random_key() {
  std::random_device device;
  const auto word = [&] { return static_cast<std::uint64_t>(device()) << 32 | device(); };
  return {word(), word()};
}

}  // namespace

Tree::Tree() : slots_(1024), key_(random_key()) {
  entries_.emplace_back();
}

Tree::Place Tree::place_of(Index parent, Bytes word) const {
  base::KeyedHash hash(key_);
  hash.add(static_cast<std::uint64_t>(parent) << 32 | word.size());
  for (std::size_t at = 0; at < word.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t piece = 0;
    std::memcpy(&piece, word.data() + at, std::min(sizeof piece, word.size() - at));
    hash.add(piece);
  }
  const auto part = static_cast<std::uint32_t>(hash.value());
  const auto taken = [&](const Slot& slot) {
    return slot.index != kAbsent &&
           (slot.hash != part || entries_[slot.index].parent != parent || entries_[slot.index].word != word);
  };
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = part & mask;
  while (taken(slots_[slot])) slot = (slot + 1) & mask;
  return {.slot = slot, .hash = part};
}

void Tree::grow() {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& old : before) {
    if (old.index == kAbsent) continue;
    std::size_t slot = old.hash & mask;
    while (slots_[slot].index != kAbsent) slot = (slot + 1) & mask;
    slots_[slot] = old;
  }
}

Tree::Index Tree::find(Index parent, Bytes word) const {
  const Index found = slots_[place_of(parent, word).slot].index;
  return found == kAbsent || entries_[found].removed ? kAbsent : found;
}

Tree::Index Tree::put(Index parent, Bytes word, std::uint32_t line) {
  word = word.substr(0, kMaxWord);
  const Place place = place_of(parent, word);
  const Index found = slots_[place.slot].index;
  if (found == kAbsent || entries_[found].removed) return append_at(place, parent, word, line);
  entries_[found].line = line;
  return found;
}

Tree::Index Tree::append(Index parent, Bytes word, std::uint32_t line) {
  word = word.substr(0, kMaxWord);
  return append_at(place_of(parent, word), parent, word, line);
}

Tree::Index Tree::append_at(Place place, Index parent, Bytes word, std::uint32_t line) {
  if (entries_[parent].depth + 1U >= kMaxDepth || entries_.size() >= kMaxNodes) {
    problem(line, "too much or too deep; the rest is left out");
    return parent;
  }
  const auto index = static_cast<Index>(entries_.size());
  entries_.push_back(
      {.word = word, .parent = parent, .line = line, .depth = static_cast<std::uint16_t>(entries_[parent].depth + 1)});
  Entry& above = entries_[parent];
  (above.last == kAbsent ? above.first : entries_[above.last].next) = index;
  above.last = index;
  Slot& slot = slots_[place.slot];
  const bool fresh = slot.index == kAbsent;
  // The first of equals is found.
  if (fresh || entries_[slot.index].removed) slot = {.index = index, .hash = place.hash};
  if (fresh && ++used_ * 2 > slots_.size()) grow();
  return index;
}

void Tree::remove(Index index) {
  if (index == kRoot) return;
  entries_[index].removed = true;
  // What was removed in front is not walked over again by whoever asks for the first.
  Entry& above = entries_[entries_[index].parent];
  above.first = present(above.first);
  if (above.first == kAbsent) above.last = kAbsent;
}

Tree::Index Tree::present(Index index) const {
  while (index != kAbsent && entries_[index].removed) index = entries_[index].next;
  return index;
}

void Tree::problem(std::uint32_t line, Bytes what) {
  if (problems_.size() < kMaxProblems) problems_.push_back("line " + std::to_string(line) + ": " + std::string(what));
}

Bytes Node::word() const {
  return tree_ == nullptr ? Bytes() : tree_->entries_[index_].word;
}

std::uint32_t Node::line() const {
  return tree_ == nullptr ? 0 : tree_->entries_[index_].line;
}

std::uint32_t Node::ended() const {
  return tree_ == nullptr ? 0 : tree_->entries_[index_].ended;
}

bool Node::inactive() const {
  for (Node at = *this; at; at = at.parent())
    if (at.tree_->entries_[at.index_].inactive) return true;
  return false;
}

Node Node::parent() const {
  if (tree_ == nullptr || index_ == Tree::kRoot) return {};
  return {*tree_, tree_->entries_[index_].parent};
}

Node Node::operator[](Bytes word) const {
  if (tree_ == nullptr) return {};
  const Tree::Index found = tree_->find(index_, word);
  return found == Tree::kAbsent ? Node() : Node(*tree_, found);
}

Node Node::at(std::initializer_list<Bytes> words) const {
  Node node = *this;
  for (const Bytes word : words) node = node[word];
  return node;
}

Node Node::first() const {
  if (tree_ == nullptr) return {};
  const Tree::Index first = tree_->present(tree_->entries_[index_].first);
  return first == Tree::kAbsent ? Node() : Node(*tree_, first);
}

Node::Children Node::children() const {
  return Children(first());
}

Node::Iterator& Node::Iterator::operator++() {
  const Tree::Index next = at_.tree_->present(at_.tree_->entries_[at_.index_].next);
  at_ = next == Tree::kAbsent ? Node() : Node(*at_.tree_, next);
  return *this;
}

}  // namespace viaduct::audit
