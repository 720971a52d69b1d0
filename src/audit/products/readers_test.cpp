// SPDX-License-Identifier: GPL-2.0-or-later
// What the cases of tests/audit leave out: a few lines each, read to the whole of what they say.
#include "audit/read_device.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

std::string line_of(const Origin& origin) {
  return origin.line == 0 ? "" : " @" + std::to_string(origin.line);
}

/// Product, the state of all, then a line for each feature and each timer that a line set.
std::string seen(std::string text) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const Device device = read_device(Text::read("a", std::move(text)), catalogue, recogniser);
  std::string shown = device.product + " " + std::string(name(device.sip)) + "\n";
  for (const Feature& feature : device.features)
    shown +=
        feature.name + " [" + feature.scope + "] " + std::string(name(feature.state)) + line_of(feature.origin) + "\n";
  for (const Timer& timer : device.timers)
    if (timer.origin.line != 0)
      shown += timer.name + " [" + timer.scope + "] " + std::to_string(timer.seconds) + line_of(timer.origin) + "\n";
  if (device.rtp_priority != Priority::no) shown += "rtp priority " + std::string(name(device.rtp_priority)) + "\n";
  return shown;
}

constexpr const char* kAsa = "ASA Version 9.16(4)\nclass-map inspection_default\n match default-inspection-traffic\n";

/// What is to be known of the mode of one release, where it is off.
std::string note_of_mode(const std::string& release) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const std::string text = "#config-version=FGT60F-" + release + "-FW-build0001-240101:opmode=0:vdom=0:user=admin\nconfig system settings\n    set default-voip-alg-mode kernel-helper-based\nend\n";
  const Device device = read_device(Text::read("a", text), catalogue, recogniser);
  return device.features.empty() ? "no feature" : std::string(name(device.features[0].state)) + ": " + device.features[0].note;
}

TEST(FortiOs, FlowModeOfSomeReleasesIsDoubted) {
  for (const char* const release : {"7.0.15", "7.2.0", "7.2.4"}) EXPECT_THAT(note_of_mode(release), testing::HasSubstr("off: in this release the IPS engine")) << release;
  for (const char* const release : {"6.4.9", "7.2.5", "7.2.10", "7.4.1"}) EXPECT_EQ(note_of_mode(release), "off: ") << release;
}

TEST(CiscoAsa, CommandsToBeTypedDoNotTellWhatTheDeviceHas) {
  EXPECT_EQ(
      seen(std::string(kAsa) +
           "clear xlate\npolicy-map global_policy\n class inspection_default\nservice-policy global_policy global\n"),
      "cisco-asa unknown\n"
      "inspect sip [policy-map global_policy class inspection_default] unknown\n"
      "rtp priority unknown\n");
}

TEST(CiscoAsa, WithoutAnyPolicyNothingIsInspected) {
  EXPECT_EQ(seen("ASA Version 9.16(4)\ninterface Vlan1\n nameif inside\n: end\n"),
            "cisco-asa off\n"
            "inspect sip [global] off\n");
}

TEST(CiscoAsa, APriorityWithoutAQueueIsNone) {
  const std::string policy =
      std::string(kAsa) +
      "class-map V\n match dscp ef\npolicy-map Q\n class V\n  priority\nservice-policy Q interface outside\n";
  EXPECT_EQ(seen(policy), "cisco-asa off\ninspect sip [global] off\n");
  EXPECT_EQ(seen(policy + "priority-queue outside\n"), "cisco-asa off\ninspect sip [global] off\nrtp priority yes\n");
}

TEST(CiscoAsa, AServicePolicyThatWasTakenBackAppliesNothing) {
  EXPECT_EQ(seen(std::string(kAsa) + "policy-map P\n class C\n  inspect sip\n  set connection timeout idle 0:10:00\n"
                                     "service-policy P interface outside\nno service-policy P interface outside\n"),
            "cisco-asa off\n"
            "inspect sip [policy-map P class C] off @6\n");
}

TEST(CiscoAsa, TimersOfAClassArePolicyTimers) {
  EXPECT_EQ(
      seen(std::string(kAsa) +
           "policy-map P\n class C\n  inspect sip\n  set connection timeout idle 0:10:00\nservice-policy P global\n"),
      "cisco-asa on\n"
      "inspect sip [policy-map P class C] on @6\n"
      "set connection timeout idle [policy-map P class C] 600 @7\n");
}

TEST(CiscoAsa, FtdIsReadAsWell) {
  EXPECT_EQ(
      seen(": Saved\nNGFW Version 7.2.5\ninterface E1\n nameif outside\n security-level 0\ntimeout xlate 3:00:00\n"
           "access-group CSM_FW_ACL_ global\nclass-map inspection_default\n match default-inspection-traffic\n"
           "policy-map global_policy\n class inspection_default\n  inspect sip\nservice-policy global_policy global\n"),
      "cisco-ftd on\n"
      "inspect sip [policy-map global_policy class inspection_default] on @12\n");
}

TEST(CiscoAsa, NoFixupWithoutAPortTakesAllOfThem) {
  EXPECT_EQ(
      seen("PIX Version 6.3(5)\nfixup protocol sip 5060\nfixup protocol sip udp 5060\nno fixup protocol sip udp\n"),
      "cisco-asa partly\n"
      "fixup protocol sip [global tcp 5060] on @2\n"
      "fixup protocol sip udp [global udp 5060] off @4\n");
  EXPECT_EQ(seen("PIX Version 6.3(5)\nno fixup protocol sip\n"),
            "cisco-asa unknown\n"
            "fixup protocol sip [global tcp] off @2\n"
            "fixup protocol sip udp [global udp] unknown\n");
}

constexpr const char* kRouteros = "# 2026-01-02 03:04:05 by RouterOS 7.15.2\n/ip firewall service-port\n";

TEST(Routeros, OneHelperHasManyNames) {
  for (const char* const said :
       {"disable sip", "set sip disabled=yes", "set ftp,sip disabled=yes", "set numbers=sip disabled=yes",
        "set [find] disabled=yes", "set [ find where name=\"sip\" ] disabled=yes",
        "set [find name~\"si\"] disabled=yes", "disable [find name=sip]"})
    EXPECT_EQ(seen(std::string(kRouteros) + said + "\n"), "mikrotik-routeros off\nservice-port sip [global] off @3\n")
        << said;
  for (const char* const said : {"set ftp disabled=yes", "set [find name=h323] disabled=yes", "set sip-x disabled=yes"})
    EXPECT_EQ(seen(std::string(kRouteros) + said + "\n"), "mikrotik-routeros on\nservice-port sip [global] on\n")
        << said;
  for (const char* const said : {"set 4,5 disabled=yes", "set *3 disabled=yes", "set [find name!=ftp] disabled=yes",
                                 "set [find ports=5060] disabled=yes"})
    EXPECT_EQ(seen(std::string(kRouteros) + said + "\n"),
              "mikrotik-routeros unknown\nservice-port sip [global] unknown @3\n")
        << said;
}

TEST(Routeros, WithoutTrackingThereIsNoHelper) {
  EXPECT_EQ(seen(std::string(kRouteros) + "set sip ports=5060\n/ip firewall connection tracking\nset enabled=no\n"),
            "mikrotik-routeros off\n"
            "service-port sip [global] off @5\n");
}

TEST(Routeros, APartOfAConfigurationHasNoDefaults) {
  EXPECT_EQ(seen("/ip firewall filter\nadd action=accept chain=input\n"),
            "mikrotik-routeros unknown\n"
            "service-port sip [global] unknown\n"
            "rtp priority unknown\n");
}

TEST(Routeros, AMarkOfTheConnectionIsAMarkOfItsPackets) {
  const std::string queues =
      "# 2026-01-02 03:04:05 by RouterOS 7.15.2\n/ip firewall mangle\nadd chain=forward action=mark-connection dscp=46 "
      "new-connection-mark=v\n"
      "add chain=forward action=mark-packet connection-mark=v new-packet-mark=p\n/queue simple\nadd packet-marks=p "
      "priority=2/2 target=lan\n";
  EXPECT_EQ(seen(queues), "mikrotik-routeros on\nservice-port sip [global] on\nrtp priority yes\n");
  EXPECT_EQ(
      seen(queues + "/ip firewall filter\nadd action=fasttrack-connection chain=forward connection-mark=no-mark\n"),
      "mikrotik-routeros on\nservice-port sip [global] on\nrtp priority unknown\n");
}

constexpr const char* kUsg =
    "!Software Version V500R005C20SPC500\n#\nfirewall zone trust\n set priority 85\n#\ninterface "
    "GigabitEthernet1/0/0\n";

TEST(HuaweiUsg, ATransportHasALineOfItsOwn) {
  EXPECT_EQ(
      seen(std::string(kUsg) + "firewall interzone trust untrust\n detect sip\n detect sip tcp\n undo detect sip\n"),
      "huawei-usg partly\n"
      "detect sip [interzone trust untrust] off @10\n"
      "detect sip tcp [interzone trust untrust] on @9\n");
}

TEST(HuaweiUsg, AZoneHasItWithinItself) {
  EXPECT_EQ(seen(std::string(kUsg) + "firewall zone name voice id 4\n detect sip\n"),
            "huawei-usg partly\n"
            "firewall detect sip [global] off\n"
            "detect sip [zone voice] on @8\n");
}

TEST(HuaweiUsg, WhatIsOnForAllIsOnBetweenAllZones) {
  EXPECT_EQ(seen(std::string(kUsg) + "#\n firewall detect sip\n#\n firewall session aging-time udp 90\n#\nfirewall "
                                     "interzone trust untrust\n detect ftp\n"),
            "huawei-usg on\n"
            "firewall detect sip [global] on @8\n"
            "session aging-time udp [global] 90 @10\n");
}

constexpr const char* kAr =
    "[V200R010C10SPC500]\n#\n sysname ar\n#\ninterface GigabitEthernet0/0/0\n nat outbound 2000\n#\n";

TEST(HuaweiAr, TheLastLineOfAllOrSipCounts) {
  EXPECT_EQ(seen(std::string(kAr) + " nat alg all enable\n undo nat alg sip enable\n"),
            "huawei-ar off\nnat alg sip [global] off @9\n");
}

TEST(HuaweiAr, ConsolesShowPrompts) {
  EXPECT_EQ(seen("[AR-1]nat alg sip enable\n[AR-1]quit\n"),
            "huawei-ar on\nnat alg sip [global] on @1\nrtp priority unknown\n");
}

constexpr const char* kPanos = "set deviceconfig system hostname pa\n";

TEST(Panos, WhatAVsysDoesNotSaySharedDoes) {
  EXPECT_EQ(seen(std::string(kPanos) +
                 "set shared alg-override application sip alg-disabled yes\n"
                 "set vsys vsys1 alg-override application sip alg-disabled no\nset vsys vsys2 display-name b\n"),
            "paloalto-panos partly\n"
            "alg-override sip [vsys1] on @3\n"
            "alg-override sip [vsys2] off @2\n");
}

TEST(Panos, ADisabledRuleDoesNotSwitchOnWhatIsOff) {
  EXPECT_EQ(seen(std::string(kPanos) + "set shared alg-override application sip alg-disabled yes\n"
                                       "set rulebase application-override rules r port 5000-6000\n"
                                       "set rulebase application-override rules r disabled yes\n"),
            "paloalto-panos off\n"
            "alg-override sip [shared] off @2\n"
            "application-override [rule r] off @4\n");
}

TEST(Panos, RulesForOtherPortsAreNotAsked) {
  EXPECT_EQ(seen(std::string(kPanos) + "set rulebase application-override rules r port 445\n"
                                       "set service sip-300 protocol udp port 5060-5061\nset service sip-300 protocol "
                                       "udp override yes timeout 300\n"),
            "paloalto-panos on\n"
            "alg-override sip [shared] on\n"
            "service timeout [service sip-300] 300 @4\n");
}

TEST(Panos, ADeviceGroupInherits) {
  EXPECT_EQ(
      seen("<config version=\"10.1.0\" urldb=\"a\"><devices><entry name=\"localhost.localdomain\"><device-group>\n"
           "<entry name=\"top\"><alg-override><application><entry "
           "name=\"sip\"><alg-disabled>yes</alg-disabled></entry></application></alg-override></entry>\n"
           "<entry name=\"below\"/></device-group></entry></devices>\n"
           "<readonly><devices><entry name=\"localhost.localdomain\"><device-group><entry "
           "name=\"below\"><parent-dg>top</parent-dg></entry>"
           "<entry "
           "name=\"top\"><parent-dg>below</parent-dg></entry></device-group></entry></devices></readonly></config>"),
      "paloalto-panos off\n"
      "alg-override sip [device-group top] off @2\n"
      "alg-override sip [device-group below] off @2\n");
}

}  // namespace
}  // namespace viaduct::audit
