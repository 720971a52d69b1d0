// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/scan.hpp"

#include "sip/grammar.hpp"
#include "sip/lines.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sip {
namespace {

using base::Bytes;

std::uint32_t size_of(Bytes text) {
  return static_cast<std::uint32_t>(text.size());
}

TEST(Scan, PortableMaskIsTheVectorMask) {
  // Each octet value at each of the sixteen places, among neighbours that differ from it in one bit.
  for (int value = 0; value < 256; ++value)
    for (unsigned place = 0; place < 16; ++place) {
      std::string text(16, static_cast<char>(value ^ 1));
      text[place] = static_cast<char>(value);
      const std::uint32_t portable = scan::mask16_portable<':', '\r', '\xff', '\0'>(text.data());
      EXPECT_EQ(portable, (scan::mask16<':', '\r', '\xff', '\0'>(text.data()))) << value << " at " << place;
    }
  EXPECT_EQ((scan::mask16_portable<'a', 'b'>("a.b.aabb........")), 0x00f5U);
}

TEST(Scan, FindsInsideItsEndsOnly) {
  const std::string text = "............;............................;";
  EXPECT_EQ((scan::find<';'>(text, 0, size_of(text))), 12U);
  EXPECT_EQ((scan::find<';'>(text, 13, size_of(text))), 41U);
  EXPECT_EQ((scan::find<';'>(text, 13, 41)), 41U);
  EXPECT_EQ((scan::find<';'>(text, 0, 12)), 12U);
  EXPECT_EQ((scan::find<';'>(text, 42, 42)), 42U);
  EXPECT_EQ((scan::find<','>(text, 0, 5)), 5U);
}

TEST(Scan, ClosingQuoteSkipsEscapes) {
  const std::string text = R"("a\"b\\" tail)";
  EXPECT_EQ(scan::closing_quote(text, 0, size_of(text)), 7U);
  EXPECT_EQ(scan::closing_quote(text, 0, 5), 5U);
  EXPECT_EQ(scan::closing_quote("\"\\", 0, 2), 2U);
  EXPECT_EQ(scan::closing_quote("\"", 0, 1), 1U);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  scan::Lines lines(text);
  for (std::size_t at = 0; at < text.size();) {
    const scan::Lines::Line line = lines.from(at);
    out.push_back(text.substr(at, line.end - at));
    at = line.next;
  }
  return out;
}

std::vector<std::string> lines_one_by_one(const std::string& text) {
  std::vector<std::string> out;
  std::string line;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r' && text[at] != '\n') {
      line += text[at];
      if (at + 1 == text.size()) out.push_back(line);
      continue;
    }
    out.push_back(line);
    line.clear();
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
  }
  return out;
}

TEST(Lines, AllThreeLineEnds) {
  EXPECT_EQ(lines_of("a\r\nb\nc\rd"), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(lines_of("\r\r\n\n\r"), (std::vector<std::string>{"", "", "", ""}));
  EXPECT_EQ(lines_of("a\tb\vc"), (std::vector<std::string>{"a\tb\vc"}));
}

TEST(Lines, PairsAcrossBlocks) {
  for (std::size_t before = 60; before < 68; ++before)
    for (const char* const ends : {"\r\n", "\n", "\r", "\r\r\n", "\n\n", "\r\n\r\n"}) {
      const std::string text = std::string(before, 'x') + ends + std::string(70, 'y');
      EXPECT_EQ(lines_of(text), lines_one_by_one(text)) << before;
    }
}

RC_GTEST_PROP(LinesProperty, LikeOneByOne, ()) {
  const std::string text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("\r\n\tab")));
  const std::string padding(*rc::gen::inRange<std::size_t>(0, 130), 'x');
  RC_ASSERT(lines_of(padding + text) == lines_one_by_one(padding + text));
}

RC_GTEST_PROP(ScanProperty, LikeOneByOne, ()) {
  const std::string text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab;Z_-./9 @\r\x01\xff")));
  const std::uint32_t at = *rc::gen::inRange<std::uint32_t>(0, size_of(text) + 1);
  const std::uint32_t end = *rc::gen::inRange<std::uint32_t>(at, size_of(text) + 1);
  const auto first = [&](auto stops) {
    std::uint32_t i = at;
    while (i < end && !stops(text[i])) ++i;
    return i;
  };
  RC_ASSERT((scan::find<';', '@'>(text, at, end)) == first([](char c) { return c == ';' || c == '@'; }));
  RC_ASSERT((scan::find_or_blank<'@'>(text, at, end)) ==
            first([](char c) { return c == '@' || static_cast<unsigned char>(c) <= ' '; }));
  RC_ASSERT(scan::skip_name(text, at, end) == first([](char c) { return !scan::kName.contains(c); }));
  RC_ASSERT(skip_token(text, at, end) == first([](char c) { return !kToken.contains(c); }));
}

TEST(Scan, NamesAreTheSetAtEachOctet) {
  for (int value = 0; value < 256; ++value) {
    const std::string text(32, static_cast<char>(value));
    const bool name = scan::kName.contains(static_cast<char>(value));
    EXPECT_EQ(scan::skip_name(text, 0, 32), name ? 32U : 0U) << value;
    EXPECT_EQ(skip_token(text, 0, 32), kToken.contains(static_cast<char>(value)) ? 32U : 0U) << value;
  }
}

}  // namespace
}  // namespace viaduct::sip
