// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/interval.hpp"
#include "simulate/random.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace viaduct::simulate {

struct QueueRules {
  double rate = 2e6;             ///< bits/s
  int limit = 50;                ///< packets that wait at most; the tail is dropped
  int flows = 2;                 ///< TCP connections in each burst of other traffic
  std::vector<Interval> bursts;  ///< when there is other traffic
  Seconds round_trip = 0.04;     ///< of those connections while nothing waits
};

/// The first-in first-out queue before a narrow link, which voice shares with TCP connections that grow until they
/// lose packets (slow start, then congestion avoidance, RFC 5681).
class Queue {
 public:
  Queue(QueueRules rules, Random random);

  /// When a packet of `octets` that comes now has left; nullopt if the queue is full.
  std::optional<Seconds> through(Seconds now, std::size_t octets);
  /// The longest wait there can be: full of the other traffic's packets.
  [[nodiscard]] Seconds depth() const;

 private:
  struct Connection {
    double window = 0, threshold = 0;  ///< packets
    Seconds next = 0;
    Seconds halves = 0;  ///< when it learns of a loss; 0: of none
  };
  std::optional<Seconds> enter(Seconds now, std::size_t octets);
  void begin_burst(Seconds now);
  void advance(Seconds now);
  void send(Connection& connection);

  QueueRules rules_;
  Random random_;
  std::vector<Connection> connections_;
  std::size_t burst_ = 0;
  bool busy_ = false;
  std::deque<Seconds> leaving_;
  Seconds free_ = 0;
};

}  // namespace viaduct::simulate
