// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/queue.hpp"

#include <algorithm>

namespace viaduct::simulate {
namespace {

constexpr int kSegment = 1500;

}  // namespace

Queue::Queue(QueueRules rules, Random random) : rules_(std::move(rules)), random_(random) {}

Seconds Queue::depth() const {
  return rules_.limit * (kSegment * 8.0) / rules_.rate;
}

std::optional<Seconds> Queue::enter(Seconds now, std::size_t octets) {
  while (!leaving_.empty() && leaving_.front() <= now) leaving_.pop_front();
  if (leaving_.size() >= static_cast<std::size_t>(rules_.limit)) return std::nullopt;
  free_ = std::max(free_, now) + static_cast<double>(octets) * 8 / rules_.rate;
  leaving_.push_back(free_);
  return free_;
}

void Queue::begin_burst(Seconds now) {
  connections_.assign(static_cast<std::size_t>(rules_.flows), {});
  for (Connection& connection : connections_) connection = {random_.in(3, 10), 1e9, now + random_.in(0, 0.5), 0};
}

/// One packet of a connection, and what it does to the window. An acknowledgement comes one round trip later, which
/// is as if the window grew at once and losses were noticed late.
void Queue::send(Connection& connection) {
  const Seconds now = connection.next;
  if (connection.halves > 0 && now >= connection.halves) {
    connection.window = connection.threshold = std::max(2.0, connection.window / 2);
    connection.halves = 0;
  }
  const Seconds round_trip = rules_.round_trip + std::max(0.0, free_ - now);
  if (!enter(now, kSegment)) {
    if (connection.halves == 0) connection.halves = now + round_trip;
  } else if (connection.halves == 0) {
    connection.window += connection.window < connection.threshold ? 1 : 1 / connection.window;
  }
  connection.next = now + round_trip / connection.window * random_.in(0.7, 1.3);
}

void Queue::advance(Seconds now) {
  while (burst_ < rules_.bursts.size() && rules_.bursts[burst_].from <= now) {
    const Interval burst = rules_.bursts[burst_];
    if (!busy_) begin_burst(burst.from);
    busy_ = true;
    const Seconds end = std::min(now, burst.until);
    for (;;) {
      Connection& first = *std::ranges::min_element(connections_, {}, &Connection::next);
      if (first.next > end) break;
      send(first);
    }
    if (burst.until > now) return;
    busy_ = false;
    ++burst_;
  }
}

std::optional<Seconds> Queue::through(Seconds now, std::size_t octets) {
  advance(now);
  return enter(now, octets);
}

}  // namespace viaduct::simulate
