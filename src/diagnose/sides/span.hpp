// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/packet_log.hpp"

#include <optional>
#include <vector>

namespace viaduct::diagnose::sides {

/// By the clock of the first side.
struct Span {
  Time begin{};
  Time end{};
};

/// `spans`: by time.
[[nodiscard]] bool holds(const std::vector<Span>& spans, Time time);
/// Put in order, those that overlap made one.
[[nodiscard]] std::vector<Span> merged(std::vector<Span>&& spans);
/// What is left of `spans` outside of `others`, of 60 ms and longer; both merged.
[[nodiscard]] std::vector<Span> without(const std::vector<Span>& spans, const std::vector<Span>& others);

/// When packets of a stream arrived, and when they did not.
struct Arrivals {
  std::vector<Span> arriving{};  ///< packet upon packet; single ones are as long as nothing
  std::vector<Span> lossy{};     ///< between two that arrived with one between that did not
};

/// Tells them from packets in the order of their numbers. Borrows what it tells.
class ArrivalTeller {
 public:
  explicit ArrivalTeller(Arrivals& told) : told_(told) {}

  /// A packet that arrived, or not. `noted`: its time is that of its frame; other times are taken from the packets
  /// around it, so that a pause of the sender blurs them.
  void take(Time time, bool noted, bool here);
  /// Behind the last one.
  void finish(Time end);

 private:
  Arrivals& told_;
  std::optional<Time> since_;  ///< the last one that is known to have arrived, or the first of all
  bool arrived_ = false;
  bool missing_ = false;  ///< one did not since then
};

}  // namespace viaduct::diagnose::sides
