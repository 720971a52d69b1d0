// SPDX-License-Identifier: GPL-2.0-or-later
// What the cases of tests/audit leave out: a few lines each, read to the whole of what they say.
#include "audit/products/seen_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

constexpr const char* kAsa = "ASA Version 9.16(4)\nclass-map inspection_default\n match default-inspection-traffic\n";

/// What is to be known of the mode of one release, where it is off.
std::string note_of_mode(const std::string& release) {
  const std::string text = "#config-version=FGT60F-" + release +
                           "-FW-build0001-240101:opmode=0:vdom=0:user=admin\nconfig system settings\n    set "
                           "default-voip-alg-mode kernel-helper-based\nend\n";
  const Device device = by_reader(text);
  return device.features.empty() ? "no feature"
                                 : std::string(name(device.features[0].state)) + ": " + device.features[0].note;
}

TEST(FortiOs, FlowModeOfSomeReleasesIsDoubted) {
  for (const char* const release : {"7.0.15", "7.2.0", "7.2.4"})
    EXPECT_THAT(note_of_mode(release), testing::HasSubstr("off: in this release the IPS engine")) << release;
  for (const char* const release : {"6.4.9", "7.2.5", "7.2.10", "7.4.1"})
    EXPECT_EQ(note_of_mode(release), "off: ") << release;
}

TEST(FortiOs, AGroupThatIsNotInTheTextMayInspectSip) {
  EXPECT_EQ(seen("#config-version=FGT60F-7.4.7-FW-build2731-250120:opmode=0:vdom=0:user=admin\nconfig system settings\n"
                 "set default-voip-alg-mode kernel-helper-based\nend\nconfig system session-helper\nedit 1\nset name "
                 "pptp\nnext\n"
                 "end\nconfig firewall policy\nedit 1\nset profile-type group\nset profile-group g\nnext\nend\n"),
            "fortinet-fortios unknown\n"
            "default-voip-alg-mode [vdom root] off @3\n"
            "session-helper sip [global] off\n"
            "profile-group [policy 1] unknown @12\n");
}

/// Zone-pairs that share a policy of classes with SIP in each, which is not inspected as SIP.
std::string zone_pairs(std::size_t pairs, std::size_t classes) {
  std::string text =
      "Current configuration : 1\nversion 15.7\nhostname r1\ninterface G0/0\n ip nat outside\n"
      "parameter-map type inspect default\n no application-inspect sip\n";
  for (std::size_t i = 0; i < classes; ++i) {
    const std::string name = "C" + std::to_string(i);
    text.append("class-map type inspect match-any ").append(name);
    text.append("\n match protocol sip\npolicy-map type inspect P\n class type inspect ").append(name);
    text.append("\n  inspect\n");
  }
  for (std::size_t i = 0; i < pairs; ++i)
    text += "zone-pair security Z" + std::to_string(i) + " source a destination b\n service-policy type inspect P\n";
  return text + "end\n";
}

TEST(CiscoIos, ClassesOfZonePairsThatAreNotFollowedMayInspectSip) {
  EXPECT_EQ(by_reader(zone_pairs(100, 100)).sip, State::off);
  const Device device = by_reader(zone_pairs(300, 300));
  EXPECT_EQ(device.sip, State::unknown);
  EXPECT_LT(device.features.size(), 20'000U);
  EXPECT_EQ(device.features.back().note, "there are more classes of zone-pairs than are followed");
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

TEST(HuaweiUsg, APromptNamesTheView) {
  EXPECT_EQ(
      seen("<USG>display version\n!Software Version V500R005C20SPC500\n[USG]firewall interzone trust "
           "untrust\n[USG-interzone-trust-untrust]detect ftp\n"
           "[USG-interzone-trust-untrust]undo detect sip\n[USG]firewall zone trust\n[USG-zone-trust]set priority 85\n"),
      "huawei-usg off\n"
      "detect sip [interzone trust untrust] off @5\n"
      "rtp priority unknown\n");
}

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

const std::string kSrx =
    "set version 21.4R3\nset system host-name r\nset security zones security-zone t interfaces ge-0/0/1.0\n"
    "set interfaces ge-0/0/1 unit 0 family inet address 192.0.2.1/24\n";

TEST(Junos, TheModelIsToldInMoreThanOneWay) {
  const auto state = [](const std::string& text) { return seen(text).substr(0, seen(text).find('\n')); };
  EXPECT_EQ(state(kSrx), "juniper-srx unknown");
  EXPECT_EQ(state("# Chassis                                CV0000AF0001      SRX340\n" + kSrx), "juniper-srx on");
  EXPECT_EQ(state("Model: srx1500\n" + kSrx), "juniper-srx on");
  EXPECT_EQ(state("# Chassis: SRX5600\n" + kSrx), "juniper-srx off");
  EXPECT_EQ(state(kSrx + "set interfaces ge-0/0/0 unit 0 family inet dhcp vendor-id Juniper-srx320\n"),
            "juniper-srx on");
  EXPECT_EQ(state(kSrx + "set protocols l2-learning global-mode switching\n"), "juniper-srx on");
  EXPECT_EQ(state(kSrx + "set interfaces fab0 fabric-options member-interfaces ge-0/0/2\n"
                         "set interfaces fab1 fabric-options member-interfaces ge-5/0/2\n"),
            "juniper-srx on");
}

TEST(Junos, PoliciesAndApplicationsOfAGroupCount) {
  const std::string group = "# Model: srx345\n" + kSrx +
                            "set groups V security policies from-zone a to-zone b policy p match application A\n"
                            "set groups V security policies from-zone a to-zone b policy p then permit\n"
                            "set groups V applications application A application-protocol ignore\n"
                            "set groups V applications application A destination-port 5060\n"
                            "set groups V applications application A inactivity-timeout 400\n";
  EXPECT_EQ(seen(group + "set apply-groups V\n"),
            "juniper-srx partly\n"
            "security alg sip [global] on\n"
            "application-protocol ignore [policy a to b p application A] off @8\n"
            "inactivity-timeout [application A] 400 @10\n");
  EXPECT_EQ(seen(group), "juniper-srx on\nsecurity alg sip [global] on\n");
}

const std::string kRouterOs =
    "# 2024-09-18 10:02:11 by RouterOS 7.15.3\n/interface bridge\nadd name=bridge\n/ip firewall raw\n";

TEST(RouterOs, WhatRawDoesNotTrackHasNoHelper) {
  EXPECT_EQ(seen(kRouterOs + "add action=notrack chain=prerouting in-interface=voice\n"),
            "mikrotik-routeros partly\nservice-port sip [global] on\nraw notrack [all of some packets] off @5\n");
  EXPECT_EQ(seen(kRouterOs + "add action=notrack chain=prerouting dst-port=5000-5100 protocol=udp\n"),
            "mikrotik-routeros partly\nservice-port sip [global] on\nraw notrack [udp 5000-5100] off @5\n");
  EXPECT_EQ(seen(kRouterOs +
                 "add action=notrack chain=prerouting dst-port=53 protocol=udp\nadd action=notrack chain=output\n"),
            "mikrotik-routeros on\nservice-port sip [global] on\n");
}

TEST(RouterOs, PortsReplace5060) {
  EXPECT_EQ(seen(kRouterOs + "/ip firewall service-port\nset sip ports=5070\n"),
            "mikrotik-routeros partly\nservice-port sip [global] partly @6\n");
  EXPECT_EQ(seen(kRouterOs + "/ip firewall service-port\nset sip ports=5060,5070\n"),
            "mikrotik-routeros on\nservice-port sip [global] on @6\n");
  EXPECT_EQ(seen(kRouterOs + "/ip firewall service-port\nset sip disabled=yes ports=5070\n"),
            "mikrotik-routeros off\nservice-port sip [global] off @6\n");
}

TEST(Vyos, A1_4ThatTracksNothingHasNoHelper) {
  const std::string begin =
      "set interfaces ethernet eth0 address 192.0.2.1/24\nset system conntrack modules sip\nset system host-name v\n"
      "set firewall ipv4 forward filter rule 10 action accept\n";
  const auto state = [](const std::string& text) { return seen(text).substr(0, seen(text).find('\n')); };
  EXPECT_EQ(state(begin), "vyos-1.4 off");
  EXPECT_EQ(state(begin + "set firewall ipv4 forward filter rule 10 state established\n"), "vyos-1.4 on");
  EXPECT_EQ(state(begin + "set firewall global-options state-policy established action accept\n"), "vyos-1.4 on");
  EXPECT_EQ(state(begin + "set nat66 source rule 10 translation address masquerade\n"), "vyos-1.4 on");
  EXPECT_EQ(
      state(begin +
            "set load-balancing wan interface-health eth0\nset firewall ipv4 prerouting raw rule 5 action notrack\n"
            "set firewall ipv4 prerouting raw rule 5 protocol udp\nset firewall ipv4 prerouting raw rule 5 destination "
            "port 5060\n"
            "set firewall ipv4 prerouting raw rule 5 source address 10.1.0.0/16\n"),
      "vyos-1.4 partly");
}

TEST(Vyos, TimersMovedWithinTheRollingReleasesOf1_5) {
  const std::string text =
      "set interfaces ethernet eth0 address 192.0.2.1/24\nset nat source rule 1 translation address masquerade\n"
      "set system host-name v\nset system conntrack timeout udp stream 600\n";
  EXPECT_EQ(seen("# Version: VyOS 1.5-rolling-202405240021\n" + text),
            "vyos-1.4 off\nsystem conntrack modules sip [global] off\nconntrack timeout udp stream [global] 600 @5\n");
  EXPECT_EQ(seen("# Version: VyOS 1.5-rolling-202405260021\n" + text),
            "vyos-1.4 off\nsystem conntrack modules sip [global] off\n");
}

TEST(Usg, ADumpIsWhatNobodyWritesByHand) {
  const std::string rest =
      R"("interfaces": {"ethernet": {"eth0": {"address": ["dhcp"]}}}, "service": {"nat": {"rule": {"6001": {"type": "masquerade"}}}}})";
  const auto state = [](const std::string& text) { return seen(text).substr(0, seen(text).find('\n')); };
  EXPECT_EQ(
      state(
          R"({"system": {"host-name": "U", "login": {"user": {"a": {"level": "admin"}}}}, "firewall": {"all-ping": "enable"}, )" +
          rest),
      "ubiquiti-usg on");
  EXPECT_EQ(
      state(
          R"({"system": {"host-name": "U", "conntrack": {"modules": {"ftp": {"disable": "''"}}}}, "firewall": {"all-ping": "enable"}, )" +
          rest),
      "ubiquiti-usg unknown");
}

}  // namespace
}  // namespace viaduct::audit
