// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/rewrite.hpp"

#include "sip/fields.hpp"
#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::sip {
namespace {

std::string applied(const std::string& text, const edit::EditList& list) {
  std::string out(list.length_after(), '?');
  EXPECT_TRUE(edit::apply(text, list, out));
  return out;
}

std::string with_uri_at(const std::string& text, const char* endpoint, std::uint16_t port) {
  const Result<Uri> uri = parse_uri(text, all_of(text));
  edit::EditList list(text.size());
  const EditResult done = replace_host_port(list, *uri, {*net::parse_address(endpoint), port});
  return done ? applied(text, list) : "refused";
}

TEST(Rewrite, HostAndPortOfAUri) {
  EXPECT_EQ(with_uri_at("sip:a@10.0.0.7:5062;lr", "203.0.113.9", 40000), "sip:a@203.0.113.9:40000;lr");
  EXPECT_EQ(with_uri_at("sip:a@10.0.0.7:5062", "203.0.113.9", 5060), "sip:a@203.0.113.9:5060");
  EXPECT_EQ(with_uri_at("sip:a@10.0.0.7;ob", "203.0.113.9", 5060), "sip:a@203.0.113.9;ob");
  EXPECT_EQ(with_uri_at("sip:a@10.0.0.7", "203.0.113.9", 40000), "sip:a@203.0.113.9:40000");
  EXPECT_EQ(with_uri_at("sips:a@10.0.0.7", "203.0.113.9", 5060), "sips:a@203.0.113.9:5060");
  EXPECT_EQ(with_uri_at("sip:10.0.0.7:5062?h=v", "203.0.113.9", 0), "sip:203.0.113.9:5062?h=v");
  EXPECT_EQ(with_uri_at("sip:a@10.0.0.7", "203.0.113.9", 0), "sip:a@203.0.113.9");
  EXPECT_EQ(with_uri_at("sip:a@[2001:db8::1]:5070", "2001:db8::99", 1), "sip:a@[2001:db8::99]:1");
  EXPECT_EQ(with_uri_at("sip:a@10.0.0.7:5062", "2001:db8::99", 65535), "sip:a@[2001:db8::99]:65535");
  EXPECT_EQ(with_uri_at("sip:a@name.example:5062", "203.0.113.9", 1), "sip:a@203.0.113.9:1");
  EXPECT_EQ(with_uri_at("tel:+1", "203.0.113.9", 1), "refused");
}

std::string with_sent_by(const std::string& text, std::uint16_t port) {
  const Result<Via> via = parse_via(text, all_of(text));
  edit::EditList list(text.size());
  EXPECT_TRUE(replace_sent_by(list, *via, {*net::parse_address("203.0.113.9"), port}));
  return applied(text, list);
}

TEST(Rewrite, SentByOfVia) {
  EXPECT_EQ(with_sent_by("SIP/2.0/UDP 10.0.0.7:5062;branch=x", 40000), "SIP/2.0/UDP 203.0.113.9:40000;branch=x");
  EXPECT_EQ(with_sent_by("SIP/2.0/UDP 10.0.0.7 : 5062 ;branch=x", 40000), "SIP/2.0/UDP 203.0.113.9:40000 ;branch=x");
  EXPECT_EQ(with_sent_by("SIP/2.0/UDP 10.0.0.7;branch=x", 5060), "SIP/2.0/UDP 203.0.113.9;branch=x");
  EXPECT_EQ(with_sent_by("SIP/2.0/UDP 10.0.0.7;branch=x", 5061), "SIP/2.0/UDP 203.0.113.9:5061;branch=x");
  EXPECT_EQ(with_sent_by("SIP/2.0/TLS 10.0.0.7;branch=x", 5060), "SIP/2.0/TLS 203.0.113.9:5060;branch=x");
  EXPECT_EQ(with_sent_by("SIP/2.0/UDP 10.0.0.7:5062", 0), "SIP/2.0/UDP 203.0.113.9:5062");
}

/// A message whose body's first "1" becomes `text`.
std::string with_body_edit(const std::string& headers, const std::string& text) {
  const std::string message = "BYE sip:1 SIP/2.0\r\n" + headers + "\r\n\r\nc=1 tail";
  const Result<Message> m = parse(message);
  edit::EditList list(message.size());
  EXPECT_TRUE(list.replace({m->body().offset + 2, 1}, text));
  const EditResult done = replace_content_length(list, *m);
  if (!done) return "refused";
  const std::string out = applied(message, list);
  return out.substr(out.find('\n') + 1);
}

TEST(Rewrite, ContentLengthFollowsTheBody) {
  EXPECT_EQ(with_body_edit("Content-Length: 8", "2"), "Content-Length: 8\r\n\r\nc=2 tail");
  EXPECT_EQ(with_body_edit("Content-Length: 8", "1234"), "Content-Length: 11\r\n\r\nc=1234 tail");
  EXPECT_EQ(with_body_edit("l  :\t  0008\r\nX: y", "22"), "l  :\t  9\r\nX: y\r\n\r\nc=22 tail");
  EXPECT_EQ(with_body_edit("Content-Length: 8", ""), "Content-Length: 7\r\n\r\nc= tail");
  EXPECT_EQ(with_body_edit("Content-Length: 3", "22"), "Content-Length: 4\r\n\r\nc=22 tail");
  EXPECT_EQ(with_body_edit("X: y", "22"), "X: y\r\n\r\nc=22 tail");
}

TEST(Rewrite, ContentLengthThatIsWrongIsRefused) {
  EXPECT_EQ(with_body_edit("Content-Length: 9", "22"), "refused");
  EXPECT_EQ(with_body_edit("Content-Length: -8", "22"), "refused");
  EXPECT_EQ(with_body_edit("Content-Length: 8\r\nl: 8", "22"), "refused");
}

}  // namespace
}  // namespace viaduct::sip
