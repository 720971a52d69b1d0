// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/drop_outs_test.hpp"
#include "diagnose/rules/rules.hpp"

#include <gtest/gtest.h>

#include <array>

namespace viaduct::diagnose::rules {
namespace {

using test::drop_outs;
using test::Scene;

/// Eight drop-outs from the first on.
std::vector<double> every(double period, double first) {
  std::vector<double> instants(8);
  for (std::size_t i = 0; i < instants.size(); ++i) instants[i] = first + period * static_cast<double>(i);
  return instants;
}

/// Calls of three sites.
std::string judged(const std::array<std::vector<double>, 3>& onsets) {
  Scene scene;
  drop_outs(scene.another("a", 0), 1, 300, onsets[0]);
  scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
  drop_outs(scene.another("b", 1), 12, 310, onsets[1]);
  scene.caller.sip = scene.caller.contact = "203.0.113.90:5060";
  drop_outs(scene.another("c", 2), 23, 320, onsets[2]);
  return scene.judge(same_period());
}

TEST(SamePeriod, FailOfThreeSitesWithOwnPhases) {
  EXPECT_EQ(judged({every(30, 31), every(30, 47), every(30, 35)}), R"(
fail unknown major 0.80: 3 of 3 customers with a period drop out every 30.0 s, and not at the same instants: a timer in the router or the phones of each, set alike everywhere; no fault of the platform or of a line that they share.
  #21485 30.980 192.0.2.0/28: every 30.0 s (30.0 s to 30.0 s), by chance under 0.000001
  #41735 46.980 203.0.113.0/28: every 30.0 s (30.0 s to 30.0 s), by chance under 0.000001
  #60585 34.980 203.0.113.80/28: every 30.0 s (30.0 s to 30.0 s), by chance under 0.000001
  #0 - periods this far apart, if they are one: by chance 1.0; 3 of 3 intervals of 95 % hold the common one
  calls 0 1 2
  raster Drop-outs, each call from its own begin, 192.0.2.0/28, every 30.000 s
    call at 00:00:01: 8, phase 29.700
  raster Drop-outs, each call from its own begin, 203.0.113.0/28, every 30.000 s
    call at 00:00:12: 8, phase 4.700
  raster Drop-outs, each call from its own begin, 203.0.113.80/28, every 30.000 s
    call at 00:00:23: 8, phase 11.700
)");
}

TEST(SamePeriod, PassOfThreePeriods) {
  EXPECT_EQ(judged({every(30, 31), every(33, 47), every(27, 35)}), R"(
pass: The periods of the customers differ.
)");
}

TEST(SamePeriod, NotApplicableAtTheSameInstants) {
  EXPECT_EQ(judged({every(30, 40), every(30, 40), every(30, 40)}), R"(
not_applicable: Fewer than three customers have drop-outs with a period.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
