// SPDX-License-Identifier: GPL-2.0-or-later
// Access lists, classes and zones of ASA and IOS: a few lines each, read to the whole of what they say.
#include "audit/products/seen_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

constexpr const char* kAsa = "ASA Version 9.16(4)\nclass-map inspection_default\n match default-inspection-traffic\n";

/// What an access list in the default class leaves of its inspection.
std::string narrowed(const std::string& list) {
  const std::string shown = seen(
      "ASA Version 9.16(4)\nobject-group service VOIP udp\n port-object range 5000 5100\n" + list +
      "class-map inspection_default\n match default-inspection-traffic\n match access-list L\npolicy-map P\n class "
      "inspection_default\n  inspect sip\nservice-policy P global\n");
  return shown.substr(0, shown.find('\n'));
}

TEST(CiscoAsa, AnAccessListSaysWhatAClassTakes) {
  EXPECT_EQ(narrowed("access-list L extended permit ip any any\n"), "cisco-asa on");
  EXPECT_EQ(narrowed("access-list L extended deny tcp any any eq smtp\naccess-list L extended permit ip any any\n"),
            "cisco-asa on");
  EXPECT_EQ(
      narrowed("access-list L extended deny udp host 10.0.0.5 any eq sip\naccess-list L extended permit ip any any\n"),
      "cisco-asa partly");
  EXPECT_EQ(
      narrowed(
          "access-list L extended deny udp any4 any4 object-group VOIP\naccess-list L extended permit ip any any\n"),
      "cisco-asa partly");
  EXPECT_EQ(
      narrowed(
          "access-list L extended deny udp any any range 5060 5061\naccess-list L extended deny tcp any any eq 5060\n"
          "access-list L extended permit ip any any\n"),
      "cisco-asa off");
  EXPECT_EQ(narrowed("access-list L extended permit udp 10.0.0.0 255.0.0.0 any\n"), "cisco-asa partly");
  EXPECT_EQ(narrowed("access-list L extended deny ip any any inactive\naccess-list L extended permit ip any any\n"),
            "cisco-asa on");
  EXPECT_EQ(narrowed(""), "cisco-asa unknown");
}

TEST(CiscoAsa, AClassOfAllTrafficMakesUpForTheDefaultClass) {
  EXPECT_EQ(seen(std::string(kAsa) +
                 "class-map all\n match any\npolicy-map P\n class inspection_default\n  inspect ftp\n class all\n"
                 "  inspect sip\nservice-policy P global\n"),
            "cisco-asa on\n"
            "inspect sip [policy-map P class all] on @10\n");
}

TEST(CiscoAsa, ATimerOfAClassThatTakesNoUdpIsNone) {
  EXPECT_EQ(
      seen(
          std::string(kAsa) +
          "access-list T extended permit tcp any any\nclass-map T\n match access-list T\nclass-map U\n"
          " match port udp range 10000 20000\npolicy-map P\n class T\n  set connection timeout idle 4:00:00\n class U\n"
          "  set connection timeout half-closed 0:10:00 idle 0:15:00\nservice-policy P global\n"),
      "cisco-asa off\n"
      "inspect sip [global] off\n"
      "set connection timeout idle [policy-map P class U] 900 @13\n");
}

/// A router without ALG of NAT whose zones LAN, GUEST and WAN have these class-maps, policies and zone-pairs.
std::string zoned(const std::string& text) {
  return seen(
      "version 15.6\nip cef\nline vty 0 4\ninterface GigabitEthernet0/0\n ip nat outside\n zone-member security WAN\n"
      "interface GigabitEthernet0/1\n ip nat inside\n zone-member security LAN\ninterface GigabitEthernet0/2\n ip nat "
      "inside\n"
      " zone-member security GUEST\nno ip nat service sip udp port 5060\nno ip nat service sip tcp port 5060\n"
      "ip access-list extended TRUNK\n permit udp host 10.0.0.5 any eq 5060\nip access-list extended WEB\n 10 permit "
      "tcp any any eq 80\n"
      "class-map type inspect match-any SIP\n match protocol sip\nclass-map type inspect match-any UDP\n match "
      "protocol udp\n"
      "class-map type inspect match-all TRUNK\n match access-group name TRUNK\n"
      "class-map type inspect match-all WEB\n match access-group name WEB\n" +
      text);
}

constexpr const char* kLan =
    "policy-map type inspect LAN\n class type inspect SIP\n  inspect\n"
    "zone-pair security L source LAN destination WAN\n service-policy type inspect LAN\n";
constexpr const char* kNatOff =
    "ip nat service sip udp [global port 5060] off @13\nip nat service sip tcp [global port 5060] off @14\n";

TEST(CiscoIos, AZonePairThatPassesSipIsNoneThatInspectsIt) {
  EXPECT_EQ(zoned(std::string(kLan) +
                  "policy-map type inspect GUEST\n class type inspect UDP\n  pass\n"
                  "zone-pair security G source GUEST destination WAN\n service-policy type inspect GUEST\n"),
            "cisco-ios partly\n" + std::string(kNatOff) +
                "match protocol sip [zone-pair L] on @20\nmatch protocol sip [zone-pair G] off @34\n");
  EXPECT_EQ(zoned(std::string(kLan) +
                  "policy-map type inspect GUEST\n class type inspect WEB\n  pass\n class class-default\n  drop\n"
                  "zone-pair security G source GUEST destination WAN\n service-policy type inspect GUEST\n"),
            "cisco-ios on\n" + std::string(kNatOff) + "match protocol sip [zone-pair L] on @20\n");
}

TEST(CiscoIos, AnEarlierClassTakesTheTrunkFromTheInspection) {
  EXPECT_EQ(zoned("policy-map type inspect LAN\n class type inspect TRUNK\n  pass\n class type inspect SIP\n  "
                  "inspect\n class class-default\n  pass\n"
                  "zone-pair security L source LAN destination WAN\n service-policy type inspect LAN\n"),
            "cisco-ios partly\n" + std::string(kNatOff) +
                "match protocol sip [zone-pair L] on @20\nmatch protocol sip [zone-pair L] off @29\n");
}

TEST(CiscoIos, TheGenericProtocolThatStandsFirstIsInspectedAlone) {
  const std::string rest =
      "policy-map type inspect LAN\n class type inspect ALL\n  inspect\n"
      "zone-pair security L source LAN destination WAN\n service-policy type inspect LAN\n";
  EXPECT_EQ(zoned("class-map type inspect match-any ALL\n match protocol udp\n match protocol sip\n" + rest),
            "cisco-ios partly\n" + std::string(kNatOff) + "match protocol sip [zone-pair L] partly @29\n");
  EXPECT_EQ(
      zoned("class-map type inspect match-any ALL\n match protocol tcp\n match protocol udp\n match protocol sip\n" +
            rest),
      "cisco-ios off\n" + std::string(kNatOff) + "match protocol sip [zone-pair L] off @30\n");
}

TEST(CiscoIos, AZoneWithoutInterfacesLetsNothingThrough) {
  EXPECT_EQ(zoned("policy-map type inspect LAN\n class type inspect SIP\n  inspect\n"
                  "zone-pair security L source OLD destination WAN\n service-policy type inspect LAN\n"),
            "cisco-ios off\n" + std::string(kNatOff));
}

TEST(CiscoIos, OneTimerForEachParameterMapAndPort) {
  EXPECT_EQ(zoned("parameter-map type inspect P\n udp idle-time 90\npolicy-map type inspect LAN\n class type inspect "
                  "SIP\n  inspect P\n"
                  " class type inspect UDP\n  inspect P\nzone-pair security L source LAN destination WAN\n "
                  "service-policy type inspect LAN\n"
                  "ip nat translation udp-timeout never\nip nat translation port-timeout udp 5060 600\n"),
            "cisco-ios on\n" + std::string(kNatOff) +
                "match protocol sip [zone-pair L] on @20\n"
                "udp idle-time [parameter-map P] 90 @28\n"
                "ip nat translation udp-timeout [global] 0 @36\n"
                "ip nat translation port-timeout udp 5060 [global] 600 @37\n");
}

TEST(CiscoIos, WhatWasTypedAtAConsoleComesAfterWhatWasShown) {
  const std::string shown =
      "Router#show running-config\nversion 15.2\nip cef\nline vty 0 4\nno ip nat service sip udp port 5060\nno ip nat "
      "service sip tcp port 5060\n"
      "ip inspect name FW sip\ninterface GigabitEthernet0/0\n ip inspect FW out\n";
  const std::string nat =
      "ip nat service sip udp [global port 5060] off\nip nat service sip tcp [global port 5060] off\n";
  EXPECT_EQ(seen(shown),
            "cisco-ios on\n" + nat + "ip inspect sip [ip inspect name FW interface GigabitEthernet0/0] on @7\n");
  EXPECT_EQ(seen(shown + "Router#configure terminal\nRouter(config)#no ip inspect name FW sip\nRouter(config)#end\n"),
            "cisco-ios off\n" + nat);
  EXPECT_EQ(seen(shown + "Router(config)#interface GigabitEthernet0/0\nRouter(config-if)#no ip inspect FW out\n"),
            "cisco-ios off\n" + nat + "ip inspect sip [ip inspect name FW] off @7\n");
}

TEST(CiscoAsa, WhatWasTypedAtAConsoleComesAfterWhatWasShown) {
  EXPECT_EQ(
      seen(std::string(kAsa) +
           "policy-map global_policy\n class inspection_default\n  inspect sip\nservice-policy global_policy global\n"
           "fw# configure terminal\nfw(config)# policy-map global_policy\nfw(config-pmap)# class inspection_default\n"
           "fw(config-pmap-c)# no inspect sip\n"),
      "cisco-asa off\n"
      "inspect sip [policy-map global_policy class inspection_default] off @11\n");
}

TEST(CiscoIos, ARuleThatNoInterfaceUsesTakesNothingAway) {
  EXPECT_EQ(seen("version 15.2\nip cef\nline vty 0 4\nip inspect name A sip\nip inspect name B sip\nip inspect name B "
                 "udp timeout 45\n"
                 "interface GigabitEthernet0/0\n ip inspect B out\n ip nat outside\n"),
            "cisco-ios on\n"
            "ip nat service sip udp [global port 5060] off\nip nat service sip tcp [global port 5060] off\n"
            "ip inspect sip [ip inspect name A] off @4\n"
            "ip inspect sip [ip inspect name B interface GigabitEthernet0/0] on @5\n"
            "ip inspect name timeout [ip inspect name B] 45 @6\n");
}

TEST(CiscoIos, ANameOfAnInterfaceMayBeOfSeveralWords) {
  const std::string shown = seen(
      "version 15.4\nhostname r\nip cef\ninterface Serial 0/0/0.1 point-to-point\n ip nat outside\n shutdown\n"
      "interface Serial 0/0/1.1 multipoint\n ip nat inside\nip nat inside source static 10.0.0.2 203.0.113.9\n");
  EXPECT_EQ(shown.substr(0, shown.find('\n')), "cisco-ios on");
}

TEST(CiscoIos, AnotherSystemThatWritesAlikeIsNotSaidToBeOff) {
  const std::string shown = seen(
      "version EG_RGOS 11.1(6)B9\nhostname EG2100\ninterface GigabitEthernet 0/0\n ip nat outside\n"
      "interface GigabitEthernet 0/1\n ip nat inside\nip nat inside source list 1 interface GigabitEthernet 0/0 "
      "overload\n"
      "no ip nat translation alg sip\n");
  EXPECT_EQ(shown.substr(0, shown.find('\n')), "cisco-ios unknown");
}

TEST(CiscoIos, AClassWithoutAProtocolInspectsWhatItsAccessListPermits) {
  const auto zone = [](const std::string& lists) {
    const std::string shown = seen(
        "version 17.6\nip cef\nboot-start-marker\nclass-map type inspect match-all A\n match access-group name L\n"
        "policy-map type inspect P\n class type inspect A\n  inspect\nzone security a\nzone security b\n"
        "zone-pair security Z source a destination b\n service-policy type inspect P\ninterface Gi0/0\n zone-member "
        "security a\n"
        "interface Gi0/1\n zone-member security b\n" +
        lists);
    return shown.substr(0, shown.find('\n'));
  };
  EXPECT_EQ(zone("ip access-list extended L\n permit ip any any\n"), "cisco-ios on");
  EXPECT_EQ(zone("ip access-list extended L\n permit udp host 10.0.0.1 any\n"), "cisco-ios partly");
  EXPECT_EQ(zone("ip access-list extended L\n permit tcp any any eq 443\n"), "cisco-ios off");
  EXPECT_EQ(zone(""), "cisco-ios unknown");
}

}  // namespace
}  // namespace viaduct::audit
