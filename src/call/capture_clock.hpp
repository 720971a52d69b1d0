// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <optional>

namespace viaduct::call {

/// How late it is, by times that a capture tells and that may be wrong: one time far from those around it counts for
/// nothing, and a clock that was set, or a long silence, is believed once what comes next confirms it.
class CaptureClock {
 public:
  /// A longer step than this has to be confirmed.
  static constexpr Duration kStep = std::chrono::minutes(1);

  void see(Time time);
  /// What waits for its confirmation is believed: nothing more comes.
  void end();

  /// The latest time that is believed; Time::min() before the first one. It goes back where the capture's clock did.
  [[nodiscard]] Time now() const { return now_; }
  /// How much time passed; never less than before. A step counts as kStep, as nothing tells whether a clock was set or
  /// nothing was captured.
  [[nodiscard]] Duration passed() const { return passed_; }
  /// passed() as it is for whoever wrote the time that was seen last, should that be confirmed.
  [[nodiscard]] Duration passed_by_last() const { return doubted_ ? passed_ + kStep : passed_; }

 private:
  void believe(Time time);

  Time now_ = Time::min();
  Duration passed_{};
  std::optional<Time> doubted_;
};

}  // namespace viaduct::call
