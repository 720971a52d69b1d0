// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/group.hpp"

#include <set>
#include <span>

namespace viaduct::diagnose {

/// Holds that began and ended at the same instants in both directions of a call, or for flows that no phone is common
/// to. No radio of a phone does that, before which one direction is captured: what captured them stood still and
/// stamped all it had then, or what they share did. A capture on the phone itself looks the same.
///
/// A relay sends on what it got held, so holds of one direction alone are none of these: the other direction came
/// through where they were captured.
class CommonHolds {
 public:
  explicit CommonHolds(std::span<const Group> groups);

  [[nodiscard]] bool contains(const Onset& onset) const { return common_.contains(&onset); }
  /// At least half of the holds of a call, and not a single one, which may have met another by chance.
  [[nodiscard]] bool most_of(const Tally::OfCall& call) const;

 private:
  std::set<const Onset*> common_;
};

}  // namespace viaduct::diagnose
