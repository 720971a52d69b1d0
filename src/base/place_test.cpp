// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/place.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::base {
namespace {

TEST(Place, CountsEveryKindOfLineEnd) {
  const Bytes octets = "one\r\ntwo\nthree\rfour";
  const auto at = [octets](std::uint32_t offset) {
    const Place p = place_of(octets, offset);
    return std::to_string(p.line) + ":" + std::to_string(p.column) + " " + std::string(p.text.of(octets));
  };
  EXPECT_EQ(at(0), "1:1 one");
  EXPECT_EQ(at(3), "1:4 one") << "on the CR";
  EXPECT_EQ(at(4), "1:5 one") << "on the LF of a pair";
  EXPECT_EQ(at(5), "2:1 two");
  EXPECT_EQ(at(9), "3:1 three");
  EXPECT_EQ(at(15), "4:1 four");
  EXPECT_EQ(at(99), "4:5 four") << "behind the end";
}

std::string shown(Bytes octets, Range where) {
  const Excerpt e = excerpt_of(octets, where);
  return e.line + "\n" + e.marker;
}

TEST(Excerpt, CaretStandsUnderTheOctet) {
  EXPECT_EQ(shown("a\r\nFrom: x;;y\r\nb", {10, 0}), "From: x;;y\n       ^");
  EXPECT_EQ(shown("From: x;;y", {8, 2}), "From: x;;y\n        ^~");
}

TEST(Excerpt, EscapesAndWideCharactersKeepTheCaretInPlace) {
  EXPECT_EQ(shown("\x01日本!", {7, 0}), "\\x01日本!\n        ^");
}

TEST(Excerpt, PlaceBehindTheLastOctet) {
  EXPECT_EQ(shown("To: \"open\r\nX", {9, 0}), "To: \"open\n         ^");
  EXPECT_EQ(shown("", {0, 0}), "\n^");
}

TEST(Excerpt, MarkEndsWithTheLine) {
  EXPECT_EQ(shown("ab\r\ncd", {1, 5}), "ab\n ^");
}

TEST(Excerpt, LongLinesAreCut) {
  const std::string line = std::string(200, 'a') + "!" + std::string(200, 'b');
  EXPECT_EQ(shown(line, {200, 1}),
            "..." + std::string(60, 'a') + "!" + std::string(49, 'b') + "...\n" + std::string(63, ' ') + "^");
}

}  // namespace
}  // namespace viaduct::base
