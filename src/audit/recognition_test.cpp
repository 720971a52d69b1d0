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
