// SPDX-License-Identifier: GPL-2.0-or-later
// What Panorama keeps elsewhere, versions, consoles, and timers that something uses.
#include "audit/products/seen_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

TEST(Panos, WhatPanoramaPushesIsNotInTheFile) {
  const std::string managed =
      "set deviceconfig system hostname fw\nset deviceconfig system panorama local-panorama panorama-server 192.0.2.9\n"
      "set network interface ethernet ethernet1/1 layer3\n";
  EXPECT_EQ(seen(managed), "paloalto-panos unknown\nalg-override sip [shared] unknown\n");
  EXPECT_EQ(seen(managed + "set shared alg-override application sip alg-disabled yes\nset deviceconfig setting session "
                           "timeout-udp 90\n"),
            "paloalto-panos off\nalg-override sip [shared] off @4\nsession timeout-udp [device] 90 @5\n");
}

TEST(Panos, APromptIsNoPartOfTheLine) {
  EXPECT_EQ(seen("admin@PA-220> configure\nadmin@PA-220# set deviceconfig system hostname fw\n"
                 "admin@PA-220(active)# set shared alg-override application sip alg-disabled yes\nset rulebase "
                 "security rules a service any\n"),
            "paloalto-panos off\nalg-override sip [shared] off @3\n");
}

TEST(Panos, ATimerOfAServiceThatNoRuleNamesIsNone) {
  EXPECT_EQ(seen("set deviceconfig system hostname fw\nset service a protocol udp port 5060\nset service a protocol "
                 "udp override yes timeout 300\n"
                 "set service b protocol udp port 10000-20000\nset service b protocol udp override yes timeout 240\n"
                 "set service c protocol udp port 5060\nset service c protocol udp override yes timeout 600\n"
                 "set service-group g members [ b x ]\nset rulebase security rules r service g\n"
                 "set rulebase security rules s service c\nset rulebase security rules s disabled yes\n"),
            "paloalto-panos on\nalg-override sip [shared] on\nservice timeout [service b] 240 @5\n");
}

}  // namespace
}  // namespace viaduct::audit
