// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/address_spec.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace viaduct::sip {
namespace {

TEST(NameAddr, PartsAsReceived) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"<sip:a@b>", "<> sip user{a} host{b}"},
      {"sip:a@b", "sip user{a} host{b}"},
      {"sip:a@b;tag=1;x", "sip user{a} host{b} field{;tag=1;x}"},
      {"sip:a@b \r\n ;tag=1", "sip user{a} host{b} field{;tag=1}"},
      {"<sip:a@b;lr?h=v> ; tag = 1", "<> sip user{a} host{b} parameters{;lr} headers{h=v} field{; tag = 1}"},
      {"\"Bob <sip:not@this>; \\\" ,\" <sip:a@b>;tag=1",
       "name{\"Bob <sip:not@this>; \\\" ,\"} <> sip user{a} host{b} field{;tag=1}"},
      {"\"Bob\"<sip:a@b>", "name{\"Bob\"} <> sip user{a} host{b}"},
      {"Bob the 2nd\r\n\t<sip:a@b>", "name{Bob the 2nd} <> sip user{a} host{b}"},
      {"caller<sip:a@b>", "name{caller} <> sip user{a} host{b}"},
      {"\"\" <tel:+1;ext=2>", "name{\"\"} <> tel user{+1} parameters{;ext=2}"},
      {"sip:a@b;x=\"<\";y=\",\"", "sip user{a} host{b} field{;x=\"<\";y=\",\"}"},
      {"*", "*"},
      {"* ;expires=0", "* field{;expires=0}"},
      {"<urn:service:sos>", "<> urn"},
      {"Bell, Alexander <sip:a@b>", "name{Bell, Alexander} <> sip user{a} host{b}"},
      {"\"A\" \"B\" <sip:a@b>", "name{\"A\" \"B\"} <> sip user{a} host{b}"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(outcome(text, parse_name_addr(text, all_of(text))), expected) << text;
}

TEST(NameAddr, ErrorsHaveTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty_value@0"},
      {"\"Mr. User <sip:a@b>", "unbalanced_quote@0"},
      {"x \"a\\\" <sip:a@b>", "unbalanced_quote@2"},
      {"Bob <sip:a@b", "unbalanced_bracket@4"},
      {"<sip:a@b> tail", "trailing_octets@10"},
      {"<sip:a@b>, <sip:c@d>", "trailing_octets@9"},
      {"sip:a@b tail", "trailing_octets@8"},
      {"< sip:a@b>", "space_in_uri@1"},
      {"<sip:a@b >", "space_in_uri@8"},
      {"<sip:a@b\r\n ;lr>", "space_in_uri@8"},
      {"<>", "bad_scheme@1"},
      {"bob", "bad_scheme@0"},
      {"\"Bob\"", "bad_scheme@0"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(outcome(text, parse_name_addr(text, all_of(text))), expected) << text;
  EXPECT_EQ(outcome("", parse_name_addr("", Range{})), "empty_value@0");
}

TEST(NameAddr, TagInAnyShape) {
  const std::pair<const char*, const char*> cases[] = {
      {"<sip:a>;tag=1", "1"},     {"<sip:a>;tag=1;x=2", "1"},
      {"<sip:a>;x=2;TAG=1", "1"}, {"<sip:a> ; Tag = \"q\\\"\" ", "q\\\""},
      {"<sip:a;tag=no>", "-"},    {"<sip:a>;tag", "-"},
      {"<sip:a>;tag=", ""},       {"<sip:a>;tagged=1", "-"},
      {"sip:a;tag=1", "1"},       {"<sip:a>;tag=a b", "a b"},
      {"<sip:a>;tag=\"\"", ""},
  };
  for (const auto& [text, expected] : cases) {
    const Result<NameAddr> value = parse_name_addr(text, all_of(text));
    ASSERT_TRUE(value) << text;
    const Range found = tag(text, *value);
    EXPECT_EQ(found.present() ? std::string(found.of(text)) : "-", expected) << text;
  }
}

TEST(NameAddr, OfAMessage) {
  const std::string text =
      "REGISTER sip:r SIP/2.0\r\nf: <sip:a@h1>;tag=1\r\nTo: <sip:b@h2>\r\n"
      "Contact: \"x, y\" <sip:c@h3>;q=0.5,<sip:d,e@h4>\r\nRoute:\r\nm: sip:f@h5, \"broken <sip:g@h6>\r\n\r\n";
  const Result<Message> m = parse(text);
  ASSERT_TRUE(m);
  EXPECT_EQ(outcome(text, from(*m)), "<> sip user{a} host{h1} field{;tag=1}");
  EXPECT_EQ(outcome(text, to(*m)), "<> sip user{b} host{h2}");
  EXPECT_EQ(outcome(text, first_name_addr(*m, HeaderId::contact)),
            "name{\"x, y\"} <> sip user{c} host{h3} field{;q=0.5}");
  EXPECT_EQ(outcome(text, first_name_addr(*m, HeaderId::route)),
            "empty_value@" + std::to_string(text.find("Route:") + 6));
  EXPECT_EQ(outcome(text, first_name_addr(*m, HeaderId::path)), "missing_header@" + std::to_string(text.size() - 2));
  EXPECT_EQ(outcome(text, name_addr(*m, HeaderId::refer_to)), "missing_header@" + std::to_string(text.size() - 2));
  std::vector<std::string> contacts;
  NameAddrs all(*m, HeaderId::contact);
  while (const std::optional<Result<NameAddr>> contact = all.next()) contacts.push_back(outcome(text, *contact));
  EXPECT_EQ(contacts, (std::vector<std::string>{"name{\"x, y\"} <> sip user{c} host{h3} field{;q=0.5}",
                                                "<> sip user{d,e} host{h4}", "sip user{f} host{h5}",
                                                "unbalanced_quote@" + std::to_string(text.find("\"broken"))}));
}

}  // namespace
}  // namespace viaduct::sip
