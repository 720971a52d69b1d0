// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/case_facts.hpp"
#include "diagnose/group.hpp"
#include "stat/period.hpp"

#include <string>
#include <vector>

namespace viaduct::diagnose {

/// A timer that a period may be.
struct KnownTimer {
  double seconds = 0;
  std::string name{};  ///< "half of the registration's 120 s"
};

/// What is usual, and what the group's phones and calls agreed: half of an Expires and of a Session-Expires, when they
/// are to be refreshed at the latest, and how often phones do register.
[[nodiscard]] std::vector<KnownTimer> known_timers(const CaseFacts& facts, const Group& group);

/// "30.0 s fits 30 s, the UDP timeout of many routers", all that fit; empty: none does.
[[nodiscard]] std::string fitting(const stat::PeriodEstimate& period, const std::vector<KnownTimer>& timers);

}  // namespace viaduct::diagnose
