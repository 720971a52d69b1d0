// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/form.hpp"

#include "audit/audit.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

/// "r1 off, r2 on": what is made of one file.
std::string told(std::string text) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  std::string shown;
  for (const Audited& one : audit_each({.name = "a", .octets = std::move(text)}, catalogue, recogniser))
    shown += (shown.empty() ? "" : ", ") + one.device.hostname + " " + std::string(name(one.device.sip));
  return shown;
}

std::string nat(const std::string& host) {
  return "version 17.6\nhostname " + host +
         "\ninterface G0/0\n ip nat outside\ninterface G0/1\n ip nat inside\nip nat inside source list 1 interface "
         "G0/0 overload\n";
}
std::string off(const std::string& host, const std::string& end = "end\n") {
  return nat(host) + "no ip nat service sip udp port 5060\nno ip nat service sip tcp port 5060\n" + end;
}
const std::string kOn = nat("r2") + "end\n";

TEST(Form, WhatIsOffIsOffByAWholeConfiguration) {
  EXPECT_EQ(told(off("r1")), "r1 off");
  EXPECT_EQ(told("r1#show running-config\n" + off("r1") + "r1#\n"), "r1 off");
  EXPECT_EQ(told(off("r1", "")), "r1 unknown");
}

TEST(Form, ConfigurationsThatCloseAreADeviceEach) {
  EXPECT_EQ(told("r1#show run\n" + off("r1") + "r1#exit\nr2#show run\n" + kOn), "r1 off, r2 on");
  EXPECT_EQ(told(kOn + off("r1") + kOn), "r2 on, r1 off, r2 on");
}

TEST(Form, DevicesWithoutBoundsAreNobodys) {
  EXPECT_EQ(told(off("r1", "") + off("r3")), " unknown");
  EXPECT_EQ(told(off("r1", "") + kOn), " unknown") << "the lines of r1 say that it is off";
  EXPECT_EQ(told("core1#show run\n" + off("r1") + "core2#show clock\n"), " unknown");
}

TEST(Form, DevicesOfSeveralProductsAreNobodys) {
  const std::string router_os = "# 2026-03-02 08:11:40 by RouterOS 7.14\n/ip firewall service-port\nset sip disabled=";
  EXPECT_EQ(told(router_os + "yes\n"), " off");
  EXPECT_EQ(told(router_os + "yes\n" + kOn), " unknown");
  EXPECT_EQ(told(off("r1") + router_os + "no\n"), " on") << "what is on stays so";
  EXPECT_EQ(told(off("r1") + off("r2") + router_os + "yes\n"), " unknown");
}

/// Each is read to the end of its own lines, and the second one as the first one.
TEST(Form, HeadsAndClosesOfOtherProductsAreBoundsToo) {
  const std::string forti =
      "#config-version=FGT60F-7.4.7-FW-build2731-250120:opmode=0:vdom=0:user=admin\nconfig system global\n    set "
      "hostname ";
  const std::string rest =
      "\nend\nconfig system settings\n    set default-voip-alg-mode kernel-helper-based\nend\nconfig system "
      "session-helper\n    edit "
      "1\n        set name pptp\n    next\nend\nconfig firewall policy\n    edit 1\n        set action accept\n    "
      "next\nend\n";
  EXPECT_EQ(told(forti + "f1" + rest), "f1 off");
  EXPECT_EQ(told(forti + "f1" + rest + forti + "f2" + rest), "f1 off, f2 off");
  const std::string ros = "# 2026-03-02 08:11:40 by RouterOS 7.14\n/ip firewall service-port\nset sip disabled=";
  EXPECT_EQ(told(ros + "yes\n/system identity\nset name=m1\n" + ros + "no\n/system identity\nset name=m2\n"),
            "m1 off, m2 on");
  const std::string asa = ": Saved\nASA Version 9.16(4)\nhostname ";
  const std::string inside =
      "\ninterface G1/1\n nameif inside\npolicy-map global_policy\n class inspection_default\n  inspect ";
  const std::string global = "\nservice-policy global_policy global\n: end\n";
  EXPECT_EQ(told(asa + "a1" + inside + "dns" + global + asa + "a2" + inside + "sip" + global), "a1 off, a2 on");
}

std::string junos(const std::string& host, const std::string& alg) {
  return "version 21.4R3.15;\nsystem {\n    host-name " + host + ";\n}\nsecurity {\n" + alg +
         "    zones {\n        security-zone t;\n    }\n}\n";
}

TEST(Form, ConfigurationsInBracesHaveNoBounds) {
  const std::string disabled = "    alg {\n        sip disable;\n    }\n";
  EXPECT_EQ(told(junos("s1", disabled)), "s1 off");
  EXPECT_EQ(told(junos("s1", disabled) + junos("s2", disabled)), " unknown");
  EXPECT_EQ(told(junos("s1", disabled) + junos("s1", disabled)), " unknown") << "the version stands there twice";
}

TEST(Form, PromptsOfRouterOsNameTheirHost) {
  const std::string off_by_export =
      "# 2026-03-02 08:11:40 by RouterOS 7.14\n/ip firewall service-port\nset sip disabled=yes\n";
  EXPECT_EQ(told("[admin@a] > /export\n" + off_by_export), " off");
  EXPECT_EQ(told("[admin@MikroTik] > export\n" + off_by_export + "[admin@a] /ip firewall> print\n"), " off");
  EXPECT_EQ(told("[admin@a] > /export\n" + off_by_export + "[admin@b] > /ip firewall service-port print\n"),
            " unknown");
}

TEST(Form, ARouterThatGetsItsNameIsOneDevice) {
  EXPECT_EQ(told("Router#show version\nRouter(config)#hostname r1\nr1#show run\n" + off("r1")), "r1 off");
}

TEST(Form, APartHasItsOwnLinesAndNoMore) {
  const Catalogue catalogue = Catalogue::built_in();
  const Recogniser recogniser(catalogue);
  const std::string one = off("r1");
  const std::vector<Audited> all = audit_each({.name = "a", .octets = one + one + one}, catalogue, recogniser);
  ASSERT_EQ(all.size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all[i].input.octets, one.size());
    EXPECT_EQ(all[i].first_line, 1 + 10 * i);
  }
  EXPECT_EQ(audit_each({.name = "a", .octets = one}, catalogue, recogniser).front().first_line, 0U);
}

TEST(Form, LinesOfPartsAreThoseOfTheFile) {
  const Catalogue catalogue = Catalogue::built_in();
  const Recogniser recogniser(catalogue);
  const std::vector<Audited> all = audit_each({.name = "a", .octets = off("r1") + off("r2")}, catalogue, recogniser);
  ASSERT_EQ(all.size(), 2U);
  ASSERT_FALSE(all[1].device.features.empty());
  EXPECT_EQ(all[1].device.features[0].origin.line, 18U);
}

TEST(Form, BlanksThatAreLostAreTold) {
  EXPECT_EQ(told("version 17.6\nhostname r1\ninterface G0/0\nip address dhcp\nend\n"), "r1 unknown");
}

}  // namespace
}  // namespace viaduct::audit
