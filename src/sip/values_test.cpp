// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/values.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sip {
namespace {

using Strings = std::vector<std::string>;

Strings values_of(const std::string& list) {
  Strings out;
  ValueCursor cursor(list, all_of(list));
  while (const std::optional<Range> value = cursor.next()) out.emplace_back(value->of(list));
  return out;
}

TEST(Values, CommasThatSeparate) {
  EXPECT_EQ(values_of(""), Strings{});
  EXPECT_EQ(values_of("a"), Strings{"a"});
  EXPECT_EQ(values_of("a,b ,\r\n c"), (Strings{"a", "b", "c"}));
  EXPECT_EQ(values_of(",a,,b,"), (Strings{"", "a", "", "b", ""}));
}

TEST(Values, CommasThatDoNot) {
  EXPECT_EQ(values_of("\"a, \\\", b\" <sip:c,d@e>;x=\",\", sip:f"),
            (Strings{"\"a, \\\", b\" <sip:c,d@e>;x=\",\"", "sip:f"}));
  EXPECT_EQ(values_of("a (b, (c, d) \\), e), f"), (Strings{"a (b, (c, d) \\), e)", "f"}));
  EXPECT_EQ(values_of("<a?x=%22,>,b"), (Strings{"<a?x=%22,>", "b"}));
}

// What has no end is no quote, bracket or comment at all, except a quote: behind it nothing can be told apart.
TEST(Values, OpenEnds) {
  EXPECT_EQ(values_of("a, \"b, c"), (Strings{"a", "\"b, c"}));
  EXPECT_EQ(values_of("a <b, c"), (Strings{"a <b", "c"}));
  EXPECT_EQ(values_of("sip:a(b@h, sip:c"), (Strings{"sip:a(b@h", "sip:c"}));
  EXPECT_EQ(values_of("a(, (b, c), <d,e>"), (Strings{"a(", "(b", "c)", "<d,e>"}));
}

TEST(Values, OfAllHeadersInTurn) {
  const std::string text = "BYE sip:a SIP/2.0\r\nRoute: <1>,<2>\r\nVia: x\r\nROUTE:\r\nRoute: <3>\r\n\r\n";
  const Result<Message> m = parse(text);
  Strings out;
  Strings headers;
  MessageValues values(*m, HeaderId::route);
  while (const std::optional<Range> value = values.next()) {
    out.emplace_back(value->of(text));
    headers.emplace_back(m->text(values.header()->name()));
  }
  EXPECT_EQ(out, (Strings{"<1>", "<2>", "<3>"}));
  EXPECT_EQ(headers, (Strings{"Route", "Route", "Route"}));
  EXPECT_EQ(MessageValues(*m, HeaderId::path).next(), std::nullopt);
}

TEST(Values, FirstWithoutACursor) {
  const auto first = [](const std::string& list) { return std::string(first_value(list, all_of(list)).of(list)); };
  EXPECT_EQ(first("a"), "a");
  EXPECT_EQ(first("a , b"), "a");
  EXPECT_EQ(first("\"a,b\""), "\"a,b\"");
  EXPECT_EQ(first_value("", Range{0, 0}), (Range{0, 0}));
}

}  // namespace
}  // namespace viaduct::sip
