// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/known_timer.hpp"
#include "diagnose/rhythm.hpp"
#include "finding/finding.hpp"

#include <vector>

/// How a rhythm is shown.
namespace viaduct::diagnose {

/// What was asked and what chance makes of it: each test that was made with its p-value.
[[nodiscard]] std::vector<finding::Evidence> statistics(const Rhythm& rhythm, const std::vector<KnownTimer>& timers);
[[nodiscard]] finding::Evidence statistic(const Concurrence& lines, const char* what);

/// The onsets of all calls, one call a lane, each from its own begin, folded at the period if there is one.
[[nodiscard]] finding::Timeline raster(const Rhythm& rhythm);

/// Puts the rhythm of a customer's drop-outs into a finding about them, if they are enough to look for one: the
/// statistics in front of its evidence, and the raster if there is a rhythm.
void show_rhythm(finding::Finding& finding, const CaseFacts& facts, const Tally& tally, const Group& group);

}  // namespace viaduct::diagnose
