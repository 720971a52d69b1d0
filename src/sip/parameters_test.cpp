// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/parameters.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sip {
namespace {

using Strings = std::vector<std::string>;

template <class Cursor>
Strings parameters_of(const std::string& list) {
  Strings out;
  Cursor cursor(list, all_of(list));
  while (const std::optional<Parameter> p = cursor.next())
    out.push_back(Outcome(list).part("", p->whole).part("name", p->name).part("value", p->value).text());
  return out;
}

TEST(Parameters, NamesAndValues) {
  EXPECT_EQ(parameters_of<ParameterCursor>(";lr;a=b; c = d\r\n\t;E=\"x;\\\";y\" ;f="),
            (Strings{"{;lr} name{lr}", "{;a=b} name{a} value{b}", "{; c = d} name{c} value{d}",
                     "{;E=\"x;\\\";y\"} name{E} value{\"x;\\\";y\"}", "{;f=} name{f} value{}"}));
}

TEST(Parameters, EmptyOnesAreThere) {
  EXPECT_EQ(parameters_of<ParameterCursor>(";;a;"), (Strings{"{;} name{}", "{;a} name{a}", "{;} name{}"}));
  EXPECT_EQ(parameters_of<ParameterCursor>(";=x"), (Strings{"{;=x} name{} value{x}"}));
  EXPECT_EQ(parameters_of<ParameterCursor>(""), Strings{});
  EXPECT_EQ(ParameterCursor("x", Range{}).next(), std::nullopt);
}

TEST(Parameters, OpenQuoteRunsToTheEnd) {
  EXPECT_EQ(parameters_of<ParameterCursor>(";a=\"b;c"), (Strings{"{;a=\"b;c} name{a} value{\"b;c}"}));
  EXPECT_EQ(parameters_of<ParameterCursor>(";a=\"b\"x;c"),
            (Strings{"{;a=\"b\"} name{a} value{\"b\"}", "{;c} name{c}"}));
}

TEST(Parameters, WithCommas) {
  EXPECT_EQ(parameters_of<AuthParameterCursor>("realm=\"a,b\" , qop=auth,uri = \"sip:x\""),
            (Strings{"{realm=\"a,b\"} name{realm} value{\"a,b\"}", "{qop=auth} name{qop} value{auth}",
                     "{uri = \"sip:x\"} name{uri} value{\"sip:x\"}"}));
  EXPECT_EQ(parameters_of<AuthParameterCursor>("QWxhZGRpbg=="), (Strings{"{QWxhZGRpbg==} name{QWxhZGRpbg} value{=}"}));
  EXPECT_EQ(AuthParameterCursor("x", Range{}).next(), std::nullopt);
}

TEST(Parameters, FoundInAnyCase) {
  const std::string list = ";a=1;TAG=\"x\\\"y\";tag=2;flag";
  EXPECT_EQ(parameter_value(list, all_of(list), "tag").of(list), "x\\\"y");
  EXPECT_EQ(find_parameter(list, all_of(list), "Tag")->whole.of(list), ";TAG=\"x\\\"y\"");
  EXPECT_TRUE(find_parameter(list, all_of(list), "flag"));
  EXPECT_FALSE(parameter_value(list, all_of(list), "flag").present());
  EXPECT_FALSE(find_parameter(list, all_of(list), "ta"));
  EXPECT_FALSE(find_parameter(list, all_of(list), ""));
  EXPECT_FALSE(find_parameter(list, Range{}, "a"));
}

TEST(Parameters, QuotesAtBothEnds) {
  EXPECT_EQ(without_quotes("\"a\"", {0, 3}), (Range{1, 1}));
  EXPECT_EQ(without_quotes("\"\"", {0, 2}), (Range{1, 0}));
  EXPECT_EQ(without_quotes("\"", {0, 1}), (Range{0, 1}));
  EXPECT_EQ(without_quotes("a", {0, 1}), (Range{0, 1}));
  EXPECT_EQ(without_quotes("a", Range{}), Range{});
}

}  // namespace
}  // namespace viaduct::sip
