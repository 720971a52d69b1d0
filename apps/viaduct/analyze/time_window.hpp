// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/record.hpp"

#include <optional>
#include <variant>

namespace viaduct::app::analyze {

/// A time as --from and --to take it.
class TimeSpec {
 public:
  /// A moment (RFC 3339: 2024-05-01T12:00:00Z), a time of day in UTC (12:00 or 12:00:30.5), or +SECONDS (+90.5).
  [[nodiscard]] static std::optional<TimeSpec> parse(base::Bytes text);
  /// The moment that is meant in a capture that begins at `begin`: a time of day is of the day of its begin, seconds
  /// count from it.
  [[nodiscard]] capture::Time in(capture::Time begin) const;
  /// Whether both are given in one way: one is then before the other in every capture, or in none.
  [[nodiscard]] bool is_like(const TimeSpec& other) const { return value_.index() == other.value_.index(); }

 private:
  struct TimeOfDay {
    base::Duration since_midnight{};
  };
  struct AfterBegin {
    base::Duration passed{};
  };
  std::variant<capture::Time, TimeOfDay, AfterBegin> value_;
};

/// From the one to before the other; either may be missing.
struct TimeWindow {
  std::optional<TimeSpec> from{};
  std::optional<TimeSpec> to{};

  /// Nothing can lie in it, whenever the capture begins.
  [[nodiscard]] bool is_empty() const;
};

}  // namespace viaduct::app::analyze
