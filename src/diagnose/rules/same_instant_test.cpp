// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/drop_outs_test.hpp"
#include "diagnose/rules/rules.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::drop_outs;
using test::Scene;

const std::vector<double> kInstants{40, 63, 104, 121, 177, 190, 241, 268};

TEST(SameInstant, FailOfThreeSites) {
  Scene scene;
  drop_outs(scene.another("a", 0), 1, 300, kInstants);
  scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
  drop_outs(scene.another("b", 1), 12, 310, kInstants);
  scene.caller.sip = scene.caller.contact = "203.0.113.90:5060";
  drop_outs(scene.another("c", 2), 23, 320, {40.4, 62.8, 104.5, 121.2, 177.4, 190.2, 240.8, 268.6});
  EXPECT_EQ(scene.judge(same_instant()), R"(
fail unknown major 0.90: 3 customers drop out at the same instants (by chance 0.00050): 192.0.2.0/28, 203.0.113.0/28, 203.0.113.80/28. The fault is in what they share, the platform or the way to it, and in none of their routers.
  #0 - 24 pairs of onsets of 3 customers within 1.00 s, where 1.4 are expected: by chance 0.00050 (lines shifted at random)
  #21935 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22985 62.980 media towards the caller stops for 2.00 s from 00:01:03.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24935 103.980 media towards the caller stops for 2.00 s from 00:01:44.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #41385 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #42435 62.980 media towards the caller stops for 2.00 s from 00:01:03.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #44385 103.980 media towards the caller stops for 2.00 s from 00:01:44.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #60855 40.380 media towards the caller stops for 2.00 s from 00:00:40.400 on, 100 packets are missing (L, hard hole: discarded on the path)
  #61875 62.780 media towards the caller stops for 2.00 s from 00:01:02.800 on, 100 packets are missing (L, hard hole: discarded on the path)
  #63860 104.480 media towards the caller stops for 2.00 s from 00:01:44.500 on, 100 packets are missing (L, hard hole: discarded on the path)
  and 15 more
  calls 0 1 2
  streams 1 3 5
  timeline Drop-outs of the customers by the time of day
    192.0.2.0/28, call at 00:00:01: 8
    203.0.113.0/28, call at 00:00:12: 8
    203.0.113.80/28, call at 00:00:23: 8
)");
}

TEST(SameInstant, FailOfLinesOfOneSite) {
  Scene scene;
  drop_outs(scene.another("a"), 1, 300, kInstants);
  drop_outs(scene.another("b"), 12, 310, kInstants);
  EXPECT_EQ(scene.judge(same_instant()), R"(
fail unknown major 0.90: 2 lines drop out at the same instants (by chance under 0.000001). The fault is in what they share, the router, its uplink or what is behind, and in no timer of a call.
  #0 - 8 pairs of onsets of 2 lines within 1.00 s, where 0.4 are expected: by chance under 0.000001 (Poisson)
  #21935 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22985 62.980 media towards the caller stops for 2.00 s from 00:01:03.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24935 103.980 media towards the caller stops for 2.00 s from 00:01:44.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #41385 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #42435 62.980 media towards the caller stops for 2.00 s from 00:01:03.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #44385 103.980 media towards the caller stops for 2.00 s from 00:01:44.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  and 10 more
  calls 0 1
  streams 1 3
  timeline Drop-outs of the lines by the time of day
    192.0.2.0/28, call at 00:00:01: 8
    192.0.2.0/28, call at 00:00:12: 8
)");
}

TEST(SameInstant, PassOfTheSamePeriodWithOwnPhases) {
  Scene scene;
  drop_outs(scene.another("a", 0), 1, 300, {31, 61, 91, 121, 151, 181, 211, 241});
  scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
  drop_outs(scene.another("b", 1), 12, 310, {42, 72, 102, 132, 162, 192, 222, 252});
  EXPECT_EQ(scene.judge(same_instant()), R"(
pass: No lines or sites drop out at the same instants more often than chance has it.
)");
}

/// Two calls of four hosts, of which all packets are held at the same instants.
TEST(SameInstant, InconclusiveWhereTheCaptureMayHaveStoodStill) {
  Scene scene;
  for (const char* const id : {"a", "b"}) {
    scene.another(id).set_up(1).hang_up(100);
    for (const Party speaker : {Party::caller, Party::callee})
      scene.talk(1.3, speaker).send(500).hold(40).send(500).hold(40).send(500);
    scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
    scene.callee.sip = scene.callee.contact = "203.0.113.200:5060";
  }
  EXPECT_EQ(scene.judge(same_instant()), R"(
inconclusive unknown minor 0.00: The packets of 2 calls were held both ways and came at the same instants: what captured them stood still, and nothing was wrong with the calls, or what they share did.
  #10500 11.280 media towards the callee stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #20500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #11040 22.080 media towards the callee stops for 0.78 s from 00:00:22.100 on (H, held and released)
  #30500 11.280 media towards the callee stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #40500 11.280 media towards the caller stops for 0.78 s from 00:00:11.300 on (H, held and released)
  #31040 22.080 media towards the callee stops for 0.78 s from 00:00:22.100 on (H, held and released)
  and 2 more
  calls 0 1
  streams 0 1 2 3
)");
}

TEST(SameInstant, NotApplicableOfOneCall) {
  Scene scene;
  drop_outs(scene, 1, 300, kInstants);
  EXPECT_EQ(scene.judge(same_instant()), R"(
not_applicable: No two calls drop out.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
