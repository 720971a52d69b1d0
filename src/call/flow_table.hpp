// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <unordered_map>

namespace viaduct::call {

/// What passes between two endpoints beside calls and keeps the flow between them alive: REGISTER, OPTIONS, NOTIFY,
/// keep-alives. A call takes over what fell into its time, to be held against its gaps.
class FlowTable {
 public:
  /// Past `most` flows the one that was quiet for longest goes, past `most_marks` its oldest marks.
  FlowTable(std::size_t most, std::size_t most_marks) : most_(most), most_marks_(most_marks) {}
  static constexpr std::size_t kMaxEvents = 512;  ///< of one flow; the oldest goes

  void add(Point point, const FlowMark& mark);
  /// The marks between two endpoints, whichever of them sent it, oldest first; nullptr if there are none.
  [[nodiscard]] const std::deque<FlowMark>* find(Point point, const net::Endpoint& a,
                                                 const net::Endpoint& b) const VIADUCT_LIFETIME_BOUND;

  [[nodiscard]] std::size_t size() const { return flows_.size(); }
  [[nodiscard]] std::size_t marks() const { return marks_; }        ///< of all flows
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }  ///< flows that lost their room

 private:
  struct Key {
    net::Endpoint low;
    net::Endpoint high;
    Point point = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Flow {
    std::deque<FlowMark> marks;
    std::list<Key>::iterator age;
  };
  static Key key_of(Point point, const net::Endpoint& a, const net::Endpoint& b);
  void make_room();

  std::unordered_map<Key, Flow, KeyHash> flows_;
  std::list<Key> ages_;  ///< least recently used first
  std::size_t most_;
  std::size_t most_marks_;
  std::size_t marks_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace viaduct::call
