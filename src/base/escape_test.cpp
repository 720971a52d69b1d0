// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::base {
namespace {

using namespace std::string_literals;

TEST(Escape, KeepsWhatCanBeSeen) {
  EXPECT_EQ(escape(R"(From: "J\"" <sip:a@b>;tag=1)"), R"(From: "J\"" <sip:a@b>;tag=1)");
  EXPECT_EQ(escape("žluťoučký 日本 🙂"), "žluťoučký 日本 🙂");
}

TEST(Escape, ControlsCannotReachTheTerminal) {
  EXPECT_EQ(escape("a\x1b[31mb\x07\x7f\0c\r\n\td"s), R"(a\x1b[31mb\x07\x7f\x00c\r\n\td)");
  EXPECT_EQ(escape("\xc2\x9b"), "\\u{9b}") << "C1 control sequence introducer";
}

TEST(Escape, LinesCannotBeReordered) {
  EXPECT_EQ(escape("user\u202Emoc.live\u2069\u200b\ufeff"), R"(user\u{202e}moc.live\u{2069}\u{200b}\u{feff})");
}

TEST(Escape, WhatIsNoUtf8IsShownOctetByOctet) {
  EXPECT_EQ(escape("\xff\xfe"), R"(\xff\xfe)");
  EXPECT_EQ(escape("\xc0\xaf"), R"(\xc0\xaf)") << "overlong";
  EXPECT_EQ(escape("\xed\xa0\x80"), R"(\xed\xa0\x80)") << "surrogate";
  EXPECT_EQ(escape("\xf4\x90\x80\x80"), R"(\xf4\x90\x80\x80)") << "above U+10FFFF";
  EXPECT_EQ(escape("ok\xe2\x82"), R"(ok\xe2\x82)") << "cut off";
}

TEST(Escape, BlanksAtTheEndCanBeSeen) {
  EXPECT_EQ(show_trailing_blanks("SIP/2.0 180 "), R"(SIP/2.0 180\x20)");
  EXPECT_EQ(show_trailing_blanks("a b"), "a b");
  EXPECT_EQ(show_trailing_blanks("  "), R"(\x20\x20)");
  EXPECT_EQ(show_trailing_blanks(""), "");
}

TEST(Escape, ColumnsOfWideAndCombining) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("日本"), 4U);
  EXPECT_EQ(columns("e\u0301"), 1U);
}

TEST(Escape, JsonGetsOneReplacementPerOctet) {
  EXPECT_EQ(to_utf8("a\xff\xc3(b"), "a\ufffd\ufffd(b");
  EXPECT_EQ(to_utf8("é\0\n"s), "é\0\n"s) << "controls are the business of the JSON writer";
}

}  // namespace
}  // namespace viaduct::base
