// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/recognition.hpp"

#include <gtest/gtest.h>

namespace viaduct::audit {
namespace {

/// The product that is guessed first; empty if none is.
std::string guessed(std::string text) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const std::vector<Recogniser::Guess> guesses = recogniser.guess(Text::read("a", std::move(text)));
  return guesses.empty() ? std::string() : guesses.front().product->id;
}

/// Ids of the products that it is of besides `first`, or the one that is guessed first, with a blank behind each.
std::string others(const std::string& text, const std::string& first = {}) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const Text read = Text::read("a", text);
  const Product* known = recogniser.guess(read).front().product;
  for (const Product& product : catalogue.products())
    if (product.id == first) known = &product;
  std::string ids;
  for (const Product* const product : recogniser.others(read, *known)) ids += product->id + " ";
  return ids;
}

const std::string kRouterOs =
    "# 2026-03-02 08:11:40 by RouterOS 7.14\n/ip firewall service-port\nset sip disabled=yes\n";
const std::string kNft = "table inet f { # handle 1\n ct helper s { # handle 2\n  type \"sip\" protocol udp\n }\n}\n";

TEST(Recogniser, ASecondProductIsSeenWhereverItStands) {
  EXPECT_EQ(others(kRouterOs), "");
  EXPECT_EQ(others(kRouterOs + kNft), "linux-netfilter ");
  std::string rules = "/ip firewall filter\n";
  while (rules.size() < 300'000) rules += "add action=accept chain=forward\n";
  EXPECT_EQ(others(kRouterOs + rules + "#config-version=FGT60F-7.4.7-FW-build2731-250120:opmode=0:vdom=0:user=admin\n" +
                   rules),
            "fortinet-fortios ");
}

TEST(Recogniser, OneSureSignIsEnough) {
  const auto behind = [](const std::string& text) { return others(kRouterOs + text, "mikrotik-routeros"); };
  EXPECT_EQ(behind("<?xml version=\"1.0\"?>\n<pfsense>\n<version>22.9</version>\n</pfsense>\n"), "pfsense ");
  EXPECT_EQ(behind("<?xml version=\"1.0\"?>\n<opnsense>\n<system/>\n</opnsense>\n"), "opnsense ");
  EXPECT_EQ(behind("{\"javaClass\": \"com.untangle.uvm.network.NetworkSettings\", \"version\": 9}\n"),
            "untangle-ngfw ");
}

TEST(Recogniser, ACommentThatNamesAProductIsNone) {
  const auto comment = [](const std::string& words) {
    return "/ip dhcp-server lease\nadd address=192.0.2.20 comment=\"" + words + "\" mac-address=00:00:5E:00:53:01\n";
  };
  EXPECT_EQ(others(kRouterOs + comment("OpenWrt 23.05 AP upstairs")), "");
  EXPECT_EQ(others(kRouterOs + comment("FreshTomato AP upstairs")), "");
  EXPECT_EQ(others(kRouterOs + comment("OpenWrt 23.05") + "DISTRIB_RELEASE='23.05.5'\n"), "openwrt-fw4 ");
}

TEST(Recogniser, WhatASystemPrintsOfItselfIsNoSecondProduct) {
  EXPECT_EQ(
      others("DISTRIB_RELEASE='23.05.5'\nconfig defaults\n\toption input 'ACCEPT'\nconfig zone\n\toption name 'lan'\n" +
             kNft),
      "");
}

TEST(Recogniser, SignsOfGaiaAreNotThoseOfScreenOs) {
  EXPECT_EQ(guessed("#\n# Configuration of gw-01\n# Language version: 14.1v1\n#\nset hostname gw-01\n"
                    "set interface eth0 ipv4-address 203.0.113.2 mask-length 30\n"),
            "checkpoint-gaia");
  EXPECT_EQ(guessed("set hostname gw-01\nset interface eth0 ipv4-address 203.0.113.2 mask-length 30\n"),
            "checkpoint-gaia");
  EXPECT_EQ(
      guessed(
          "set hostname ns5\nset interface ethernet0/0 ip 203.0.113.2/30\nset zone \"Trust\" vrouter \"trust-vr\"\n"),
      "juniper-screenos");
}

TEST(Recogniser, KeeneticIsNoVigor) {
  EXPECT_EQ(guessed("! $$$ Model: Keenetic Giga\n! $$$ Version: 2.06.1\nsystem\n    hostname k\n!\nip nat Home\n"),
            "keenetic");
}

TEST(Recogniser, AQuotedMailIsNobodys) {
  EXPECT_EQ(guessed("> hostname r1\n> !\n> ip nat inside source list 10 interface G0/0 overload\n> end\n"), "");
}

TEST(Recogniser, ASwitchOfHuaweiIsNoRouter) {
  EXPECT_EQ(guessed("!Software Version V200R019C10SPC500\n#\nsysname S5720\n#\ninterface GigabitEthernet0/0/1\n port "
                    "link-type access\n#\nreturn\n"),
            "");
}

TEST(Recogniser, SettingsOfAUniFiSiteAre) {
  EXPECT_EQ(guessed("{\"data\": [{\"key\": \"usg\", \"sip_module\": true, \"udp_other_timeout\": 30}]}\n"),
            "ubiquiti-unifi-os");
}

}  // namespace
}  // namespace viaduct::audit
