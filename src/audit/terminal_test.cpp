// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/terminal.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string shown(Bytes octets) {
  const Screen screen = played(octets);
  EXPECT_THAT(screen.guessed, IsEmpty());
  return screen.text;
}

TEST(Terminal, APromptToPageThatWasWipedLeavesTheLineAsItWas) {
  constexpr Bytes kShown = "policy-map P\n class C\n  inspect sip\n";
  const auto with = [](const std::string& residue) { return "policy-map P\n class C\n" + residue + "  inspect sip\n"; };
  const std::string nine(9, '\b');
  EXPECT_EQ(shown(with(" --More-- " + nine + std::string(8, ' ') + nine)), kShown) << "IOS";
  EXPECT_EQ(shown(with("<--- More --->\r              \r")), kShown) << "ASA";
  EXPECT_EQ(shown(with("  ---- More ----\x1b[42D" + std::string(42, ' ') + "\x1b[42D")), kShown) << "VRP";
  EXPECT_EQ(shown(with("---(more 45%)---\r                \r")), kShown) << "Junos";
  EXPECT_EQ(shown(with("--More--(12%)\r\x1b[K")), kShown);
  EXPECT_EQ(shown(with("---\xe3\x81\xa4\xe3\x81\xa5\xe3\x81\x8f---\r                \r")), kShown) << "RTX";
  EXPECT_EQ(shown(with("-- MORE --, next page: Space, next line: Enter, quit: Control-C\r\x1b[2K")), kShown)
      << "ProVision";
}

TEST(Terminal, APromptAloneLeavesAnEmptyLine) {
  EXPECT_EQ(shown("a\n<--- More --->\n  b\n"), "a\n\n  b\n");
}

TEST(Terminal, WhereTheWipingIsLostTheLineBeforeTellsHowDeepItStands) {
  const Screen screen = played("interface G0\n ip address dhcp\n --More--          ip nat outside\n!\n");
  EXPECT_EQ(screen.text, "interface G0\n ip address dhcp\n ip nat outside\n!\n");
  EXPECT_THAT(screen.guessed, ElementsAre(3));
}

TEST(Terminal, WhatWasTypedOverIsGone) {
  EXPECT_EQ(shown("r1#shwo\b\bow run\n"), "r1#show run\n");
  EXPECT_EQ(shown("abc\x1b[2Dx\x1b[K\n"), "ax\n");
}

TEST(Terminal, ACarriageReturnThatWipesNothingEndsALine) {
  EXPECT_EQ(shown("inspect sip\rno\nend\n"), "inspect sip\nno\nend\n");
  EXPECT_EQ(shown("a\r\nb\r\r\nc"), "a\nb\nc");
  EXPECT_EQ(shown("a\r\rb\r"), "a\n\nb\n") << "a text without LF";
}

TEST(Terminal, WhatIsNoPromptStays) {
  for (const Bytes line : {"-----BEGIN CERTIFICATE-----", " description -- more --", "-A FORWARD -j ACCEPT", "--",
                           "more", "-- moreover --x"})
    EXPECT_EQ(shown(std::string(line) + "\n"), std::string(line) + "\n");
}

}  // namespace
}  // namespace viaduct::audit
