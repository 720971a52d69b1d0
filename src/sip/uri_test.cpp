// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/uri.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace viaduct::sip {
namespace {

TEST(Uri, PartsAsReceived) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"sip:example.com", "sip host{example.com}"},
      {"sip:alice@example.com", "sip user{alice} host{example.com}"},
      {"SIPS:alice:secret@example.com:5071",
       "sips user{alice} password{secret} host{example.com} port{5071} port=5071"},
      {"sip:+1-212-555;phone-context=a@192.0.2.4:05060;transport=tcp;lr?subject=a%20b&x=y",
       "sip user{+1-212-555;phone-context=a} host{192.0.2.4} port{05060} port=5060 literal=192.0.2.4 "
       "parameters{;transport=tcp;lr} headers{subject=a%20b&x=y}"},
      {"sip:[2001:db8::10:5070]", "sip host{[2001:db8::10:5070]} literal=2001:db8::10:5070"},
      {"sip:user@[2001:db8::10]:5070;lr",
       "sip user{user} host{[2001:db8::10]} port{5070} port=5070 "
       "literal=2001:db8::10 parameters{;lr}"},
      {"sip:user@[2001:db8:::192.0.2.1]", "sip user{user} host{[2001:db8:::192.0.2.1]} literal=2001:db8::c000:201"},
      {"sip:a@b:0", "sip user{a} host{b} port{0}"},
      {"sip:a@10.0.0.256", "sip user{a} host{10.0.0.256}"},
      {"sip:a@1.2.3.4.example", "sip user{a} host{1.2.3.4.example}"},
      {"sip:a@1.2.3.4-x", "sip user{a} host{1.2.3.4-x}"},
      {"sip:a@010.1.1.1", "sip user{a} host{010.1.1.1}"},
      {"sip:@host", "sip user{} host{host}"},
      {"sip:a:@host", "sip user{a} password{} host{host}"},
      {"sip:a:b:c@host", "sip user{a} password{b:c} host{host}"},
      {"sip:host?h=v", "sip host{host} headers{h=v}"},
      {"sip:host;?", "sip host{host} parameters{;} headers{}"},
      {"sip:a;b=c?d@under_score.lan", "sip user{a;b=c?d} host{under_score.lan}"},
      {"tel:+1-201-555-0123;phone-context=example.com",
       "tel user{+1-201-555-0123} parameters{;phone-context=example.com}"},
      {"tel:911", "tel user{911}"},
      {"urn:service:sos", "urn"},
      {"http://www.example.com/a?b=c", "other"},
      {"nobodyKnowsThisScheme:totallyopaquecontent", "other"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(outcome(text, parse_uri(text, all_of(text))), expected) << text;
}

TEST(Uri, ErrorsHaveTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "bad_scheme@0"},
      {"alice@example.com", "bad_scheme@0"},
      {":x", "bad_scheme@0"},
      {"1sip:x", "bad_scheme@0"},
      {"sip:", "bad_host@4"},
      {"sip:a@", "bad_host@6"},
      {"sip:a@;lr", "bad_host@6"},
      {"sip:2001:db8::10", "bad_port@9"},
      {"sip:a@b:", "bad_port@8"},
      {"sip:a@b:65536", "bad_port@8"},
      {"sip:a@b:99999999999999999999", "bad_port@8"},
      {"sip:a@b:5060x", "bad_port@12"},
      {"sip:a@b/c", "bad_host@7"},
      {"sip:a@b@c", "bad_host@7"},
      {"sip:a@[2001:db8::1", "unbalanced_bracket@6"},
      {"sip:a@[2001:db8::g]", "bad_host@6"},
      {"sip:a@[]", "bad_host@6"},
      {"sip:a@[::1]x", "bad_host@11"},
      {"sip: a@b", "space_in_uri@4"},
      {"sip:a b@c", "space_in_uri@5"},
      {"sip:a@ b", "space_in_uri@6"},
      {"sip:a@b c", "space_in_uri@7"},
      {"sip:a@b; lr", "space_in_uri@8"},
      {"sip:a@b;lr?x= y", "space_in_uri@13"},
      {" sip:a", "space_in_uri@0"},
      {"tel:1 2", "space_in_uri@5"},
      {std::string("sip:a\0@b", 8), "space_in_uri@5"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(outcome(text, parse_uri(text, all_of(text))), expected) << text;
    // The same inside a larger buffer: what lies behind the range takes no part, offsets count from the buffer.
    const std::string framed = "<" + text + ">0123456789:5060@;?]";
    const std::size_t at = expected.find('@') + 1;
    const std::string moved = expected.substr(0, at) + std::to_string(std::stoul(expected.substr(at)) + 1);
    EXPECT_EQ(outcome(framed, parse_uri(framed, {1, static_cast<std::uint32_t>(text.size())})), moved) << text;
  }
  EXPECT_EQ(outcome("", parse_uri("", Range{})), "empty_value@0");
}

TEST(Uri, HostPortIsWhatARewriteReplaces) {
  const auto host_port = [](const std::string& text) {
    return std::string(parse_uri(text, all_of(text))->host_port().of(text));
  };
  EXPECT_EQ(host_port("sip:a@192.0.2.1:5060;lr"), "192.0.2.1:5060");
  EXPECT_EQ(host_port("sip:[2001:db8::1]:1?x"), "[2001:db8::1]:1");
  EXPECT_EQ(host_port("sip:a@example.com"), "example.com");
  EXPECT_FALSE(parse_uri("tel:1", all_of("tel:1"))->host_port().present());
}

// The address is read while looking for the host's end; it must be what net reads from the host alone.
TEST(Uri, LiteralIsWhatNetReads) {
  for (const char* const host :
       {"0.0.0.0", "255.255.255.255", "1.2.3.4", "1.2.3.04", "01.2.3.4", "1.2.3.400", "1.2.3", "1.2.3.4.", "1.2.3.4.5",
        "1..2.3", "256.1.1.1", "1.2.3.4a", "00.0.0.0", "9999.1.1.1", "1.2.3.1234"}) {
    const std::string text = std::string("sip:") + host;
    const Result<Uri> uri = parse_uri(text, all_of(text));
    ASSERT_TRUE(uri) << host;
    EXPECT_EQ(uri->host.of(text), host);
    EXPECT_EQ(uri->literal, net::parse_ipv4(host).value_or(net::Address())) << host;
  }
}

TEST(HostPort, BlanksAroundTheColonWhereAllowed) {
  const std::string text = "192.0.2.1\t : \r\n 5060";
  const Result<HostPort> read = parse_host_port(text, all_of(text), true);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->port, 5060);
  EXPECT_EQ(read->literal.to_text(), "192.0.2.1");
  EXPECT_EQ(parse_host_port(text, all_of(text), false).error(), (Error{Problem::bad_host, 9}));
  EXPECT_EQ(parse_host_port("a:1 ", {0, 4}, true).error(), (Error{Problem::bad_host, 3}));
}

}  // namespace
}  // namespace viaduct::sip
