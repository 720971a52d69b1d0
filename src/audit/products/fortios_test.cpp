// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of a FortiOS configuration, recorded sessions, and timers of ports and policies.
#include "audit/products/seen_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

constexpr const char* kUnknown =
    "fortinet-fortios unknown\n"
    "default-voip-alg-mode [vdom root] unknown\n"
    "session-helper sip [global] unknown\n";

TEST(FortiOs, APastedPartDecidesNothing) {
  const std::string policies = "config firewall policy\n    edit 1\n        set service \"ALL\"\n    next\nend\n";
  EXPECT_EQ(seen(policies), std::string(kUnknown) + "rtp priority unknown\n");
  EXPECT_EQ(seen("FGT (root) # get system status\nVersion: FortiGate-60F v7.4.4,build2662,240514 (GA.F)\nFGT (root) # "
                 "show firewall policy\n" +
                 policies),
            std::string(kUnknown) + "rtp priority unknown\n");
  EXPECT_EQ(seen("#config-version=FGT60F-7.4.4-FW-build2662-240514:opmode=0\n" + policies),
            "fortinet-fortios on\ndefault-voip-alg-mode [vdom root] on\nsession-helper sip [global] unknown\n");
}

TEST(FortiOs, WhatWasTypedAtAPromptIsReadAsWell) {
  EXPECT_EQ(seen("FGT-A # config system settings\nFGT-A (settings) # set default-voip-alg-mode "
                 "kernel-helper-based\nFGT-A (settings) # end\n"
                 "FGT-A # show system session-helper\nconfig system session-helper\n    edit 1\n        set name "
                 "pptp\n    next\nend\nFGT-A # \n"),
            "fortinet-fortios off\n"
            "default-voip-alg-mode [vdom root] off @2\n"
            "session-helper sip [global] off\n"
            "rtp priority unknown\n");
  EXPECT_EQ(seen("FGT-A $ show full-configuration system settings | grep default-voip\n    set default-voip-alg-mode "
                 "proxy-based\n"
                 "FGT-A $ show system session-helper\nconfig system session-helper\n    edit 13\n        set name "
                 "sip\n    next\nend\n"),
            "fortinet-fortios on\n"
            "default-voip-alg-mode [vdom root] on @2\n"
            "session-helper sip [global] on @6\n"
            "rtp priority unknown\n");
}

TEST(FortiOs, AFilteredAnswerBelongsToWhatWasAsked) {
  const std::string mode = "FGT-A # show system settings | grep voip\n    set default-voip-alg-mode proxy-based\n";
  EXPECT_EQ(seen(mode + "FGT-A # show full-configuration system global | grep udp-idle\n    set udp-idle-timer 90\n"),
            "fortinet-fortios on\ndefault-voip-alg-mode [vdom root] on @2\nsession-helper sip [global] unknown\n"
            "udp-idle-timer [global] 90 @4\nrtp priority unknown\n");
  EXPECT_EQ(seen(mode + "FGT-A # show firewall service custom | grep udp-idle\n        set udp-idle-timer 90\n"),
            "fortinet-fortios on\ndefault-voip-alg-mode [vdom root] on @2\nsession-helper sip [global] unknown\n"
            "rtp priority unknown\n");
  // What the filter took away is not deleted.
  EXPECT_EQ(seen(mode + "FGT-A # show system session-helper | grep 5060\n        set port 5060\n"),
            "fortinet-fortios on\ndefault-voip-alg-mode [vdom root] on @2\nsession-helper sip [global] unknown\n"
            "rtp priority unknown\n");
}

TEST(FortiOs, BeforeTheProxyTheHelperWasTheDefault) {
  EXPECT_EQ(seen("#config-version=FGT60C-5.00-FW-build292-140801:opmode=0\nconfig system settings\nend\nconfig system "
                 "session-helper\n"
                 "    edit 1\n        set name pptp\n    next\nend\n"),
            "fortinet-fortios off\ndefault-voip-alg-mode [vdom root] off\nsession-helper sip [global] off\n");
}

TEST(FortiOs, TheVdomForManagementTouchesNothing) {
  EXPECT_EQ(seen("#config-version=FGT100F-7.4.4-FW-build2662-240514:opmode=0:vdom=1\nconfig global\nconfig system "
                 "session-helper\nend\nend\n"
                 "config vdom\nedit root\nconfig system settings\n    set vdom-type admin\nend\nend\n"
                 "config vdom\nedit DATA\nconfig system settings\n    set default-voip-alg-mode "
                 "kernel-helper-based\nend\nend\n"),
            "fortinet-fortios off\ndefault-voip-alg-mode [vdom DATA] off @15\nsession-helper sip [global] off\n");
}

TEST(FortiOs, TimersOfPortsAndOfPoliciesThatLetUdpThrough) {
  EXPECT_EQ(
      seen(
          "#config-version=FGT60F-7.4.4-FW-build2662-240514:opmode=0\nconfig system settings\n    set "
          "default-voip-alg-mode kernel-helper-based\nend\n"
          "config system session-helper\nend\nconfig system session-ttl\n    config port\n        edit 1\n            "
          "set protocol 17\n"
          "            set timeout 200\n            set end-port 65535\n            set start-port 1\n        next\n   "
          " end\nend\n"
          "config firewall service custom\n    edit \"WEB\"\n        set tcp-portrange 8080\n    next\nend\n"
          "config firewall policy\n    edit 1\n        set service \"HTTPS\" \"WEB\"\n        set session-ttl 1000\n   "
          " next\n    edit 2\n"
          "        set service \"SIP\"\n        set session-ttl 900\n    next\n    edit 3\n        set status disable\n"
          "        set service \"ALL\"\n        set session-ttl 800\n    next\nend\n"),
      "fortinet-fortios off\n"
      "default-voip-alg-mode [vdom root] off @3\n"
      "session-helper sip [global] off\n"
      "session-ttl port [global 1-65535] 200 @11\n"
      "session-ttl [policy 2] 900 @29\n");
}

}  // namespace
}  // namespace viaduct::audit
