// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace viaduct::simulate {

/// What is to happen, in order of time; what is due at the same time happens in the order in which it was planned.
/// Media senders come back fifty times a second, so they are numbers; everything else is a function.
class Agenda {
 public:
  using Action = std::function<void(Seconds)>;
  static constexpr std::uint32_t kNoSender = 0xffffffff;

  struct Due {
    Seconds time = 0;
    std::uint64_t order = 0;
    std::uint32_t sender = kNoSender;
    std::uint32_t action = 0;
  };

  void at(Seconds time, Action action) {
    std::uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(actions_.size());
      actions_.push_back(std::move(action));
    } else {
      slot = free_.back();
      free_.pop_back();
      actions_[slot] = std::move(action);
    }
    push({time, ++planned_, kNoSender, slot});
  }
  void wake(Seconds time, std::uint32_t sender) { push({time, ++planned_, sender, 0}); }

  [[nodiscard]] bool empty() const { return heap_.empty(); }
  /// Takes out what is due next.
  Due next() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Due due = heap_.back();
    heap_.pop_back();
    return due;
  }
  /// Does the action of something taken out that is no sender's.
  void act(const Due& due) {
    const Action action = std::move(actions_[due.action]);
    free_.push_back(due.action);
    action(due.time);
  }

 private:
  static bool later(const Due& a, const Due& b) { return a.time != b.time ? a.time > b.time : a.order > b.order; }
  void push(const Due& due) {
    heap_.push_back(due);
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  std::vector<Due> heap_;
  std::vector<Action> actions_;
  std::vector<std::uint32_t> free_;
  std::uint64_t planned_ = 0;
};

}  // namespace viaduct::simulate
