// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/flow_table.hpp"

#include "net/table_hash.hpp"

#include <utility>

namespace viaduct::call {

std::size_t FlowTable::KeyHash::operator()(const Key& key) const {
  return net::table_hash(key.low, key.high, key.point);
}

FlowTable::Key FlowTable::key_of(Point point, const net::Endpoint& a, const net::Endpoint& b) {
  return a < b ? Key{a, b, point} : Key{b, a, point};
}

void FlowTable::add(Point point, const FlowMark& mark) {
  const Key key = key_of(point, mark.source, mark.destination);
  const auto [entry, fresh] = flows_.try_emplace(key);
  Flow& flow = entry->second;
  if (fresh)
    flow.age = ages_.insert(ages_.end(), key);
  else
    ages_.splice(ages_.end(), ages_, flow.age);
  flow.marks.push_back(mark);
  ++marks_;
  if (flow.marks.size() > kMaxEvents) {
    flow.marks.pop_front();
    --marks_;
  }
  make_room();
}

void FlowTable::make_room() {
  while (flows_.size() > most_ || marks_ > most_marks_) {
    const auto quiet = flows_.find(ages_.front());
    std::deque<FlowMark>& marks = quiet->second.marks;
    if (flows_.size() <= most_ && marks.size() > 1) {
      marks.pop_front();
      --marks_;
      continue;
    }
    marks_ -= marks.size();
    flows_.erase(quiet);
    ages_.pop_front();
    ++dropped_;
  }
}

const std::deque<FlowMark>* FlowTable::find(Point point, const net::Endpoint& a, const net::Endpoint& b) const {
  const auto found = flows_.find(key_of(point, a, b));
  return found == flows_.end() ? nullptr : &found->second.marks;
}

}  // namespace viaduct::call
