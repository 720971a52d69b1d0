// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/rewrite.hpp"

#include "edit/edit_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sdp {
namespace {

std::string applied(base::Bytes buffer, const edit::EditList& list) {
  std::string out(list.length_after(), '?');
  EXPECT_TRUE(edit::apply(buffer, list, out));
  return out;
}

net::Address address(base::Bytes text) {
  return *net::parse_address(text);
}

const std::string kOffer =
    "v=0\r\n"
    "o=- 1 999 IN IP4 10.0.0.7\r\n"
    "s=-\r\n"
    "c=IN IP4 10.0.0.7\r\n"
    "t=0 0\r\n"
    "m=audio 4000/2 RTP/AVP 0\r\n"
    "a=rtcp:4001 IN IP4 10.0.0.7\r\n"
    "m=video 4010 RTP/AVP 31\r\n"
    "c=IN IP4 10.0.0.8\r\n";

TEST(Rewrite, ChangesExactlyTheFields) {
  const Result<Session> s = parse(kOffer);
  ASSERT_TRUE(s);
  const net::Address outer = address("203.0.113.200");
  edit::EditList list(kOffer.size());
  ASSERT_TRUE(replace_port(list, s->media()[1], 40010));
  ASSERT_TRUE(replace_address(list, *s, s->media()[1].connection.where, outer));
  ASSERT_TRUE(replace_address(list, *s, s->origin.where, outer));
  ASSERT_TRUE(replace_address(list, *s, s->connection.where, outer));
  ASSERT_TRUE(replace_origin_version(list, *s, 1000));
  ASSERT_TRUE(replace_port(list, s->media()[0], 4));
  ASSERT_TRUE(replace_rtcp_port(list, s->media()[0].rtcp, 65535));
  ASSERT_TRUE(replace_address(list, *s, s->media()[0].rtcp.where, outer));
  EXPECT_EQ(applied(kOffer, list),
            "v=0\r\n"
            "o=- 1 1000 IN IP4 203.0.113.200\r\n"
            "s=-\r\n"
            "c=IN IP4 203.0.113.200\r\n"
            "t=0 0\r\n"
            "m=audio 4/2 RTP/AVP 0\r\n"
            "a=rtcp:65535 IN IP4 203.0.113.200\r\n"
            "m=video 40010 RTP/AVP 31\r\n"
            "c=IN IP4 203.0.113.200\r\n");
}

TEST(Rewrite, ListsNothingWhenNothingChanges) {
  const Result<Session> s = parse(kOffer);
  ASSERT_TRUE(s);
  edit::EditList list(kOffer.size());
  ASSERT_TRUE(replace_address(list, *s, s->connection.where, address("10.0.0.7")));
  ASSERT_TRUE(replace_port(list, s->media()[0], 4000));
  ASSERT_TRUE(replace_rtcp_port(list, s->media()[0].rtcp, 4001));
  ASSERT_TRUE(replace_origin_version(list, *s, 999));
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(applied(kOffer, list), kOffer);
}

TEST(Rewrite, FamilyAndAddrtypeChangeTogether) {
  const std::string text = "v=0\r\nc=IN IP4 10.0.0.7\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\n";
  const Result<Session> s = parse(text);
  ASSERT_TRUE(s);
  edit::EditList list(text.size());
  ASSERT_TRUE(replace_address(list, *s, s->connection.where, address("2001:db8::2")));
  ASSERT_TRUE(replace_address(list, *s, s->media()[0].connection.where, address("192.0.2.1")));
  EXPECT_EQ(applied(text, list), "v=0\r\nc=IN IP6 2001:db8::2\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n");
}

TEST(Rewrite, RefusesFieldsThatAreNotThere) {
  const std::string text = "v=0\r\nc=IN IP4\r\nm=audio 4000 RTP/AVP 0\r\n";
  const Result<Session> s = parse(text);
  ASSERT_TRUE(s);
  edit::EditList list(text.size());
  EXPECT_FALSE(replace_address(list, *s, s->connection.where, address("192.0.2.1")));
  EXPECT_FALSE(replace_address(list, *s, s->origin.where, address("192.0.2.1")));
  EXPECT_FALSE(replace_address(list, *s, s->media()[0].connection.where, net::Address{}));
  EXPECT_FALSE(replace_rtcp_port(list, s->media()[0].rtcp, 5));
  EXPECT_FALSE(replace_origin_version(list, *s, 5));
  const Result<Session> pairs = parse("v=0\r\nm=audio 4000/3 RTP/AVP 0\r\n");
  EXPECT_EQ(replace_port(list, pairs->media()[0], 65534).error().code, edit::EditProblem::does_not_fit);
  EXPECT_TRUE(list.empty());
}

TEST(Rewrite, AddsRtcpBehindTheSectionsLastLine) {
  const struct {
    const char* before;
    const char* after;
  } cases[] = {
      {"v=0\r\nm=audio 4000 RTP/AVP 0\r\na=mid:0\r\n\r\n",
       "v=0\r\nm=audio 4000 RTP/AVP 0\r\na=mid:0\r\na=rtcp:40005\r\n\r\n"},
      {"v=0\nm=audio 4000 RTP/AVP 0\nm=video 1 RTP/AVP 31\n",
       "v=0\nm=audio 4000 RTP/AVP 0\na=rtcp:40005\nm=video 1 RTP/AVP 31\n"},
      {"v=0\r\nm=audio 4000 RTP/AVP 0", "v=0\r\nm=audio 4000 RTP/AVP 0\r\na=rtcp:40005"},
      {"v=0\rm=audio 4000 RTP/AVP 0\ra=mid:0", "v=0\rm=audio 4000 RTP/AVP 0\ra=mid:0\ra=rtcp:40005"},
  };
  for (const auto& c : cases) {
    const std::string text = c.before;
    const Result<Session> s = parse(text);
    ASSERT_TRUE(s);
    edit::EditList list(text.size());
    ASSERT_TRUE(add_rtcp(list, *s, s->media()[0], 40005));
    const std::string out = applied(text, list);
    EXPECT_EQ(out, c.after);
    const Result<Session> again = parse(out);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->media()[0].rtcp_port(), 40005);
  }
}

// --- properties -----------------------------------------------------------------------------------------------

net::Address any_address() {
  if (*rc::gen::inRange(0, 4) > 0) return net::Address::ipv4(*rc::gen::arbitrary<std::uint32_t>());
  std::array<std::uint8_t, 16> octets{};
  for (std::uint8_t& octet : octets) octet = *rc::gen::arbitrary<std::uint8_t>();
  return net::Address::ipv6_from(octets.data());
}

std::string field(const net::Address& a) {
  return std::string(a.family == net::Family::ipv4 ? "IN IP4 " : "IN IP6 ") + a.to_text();
}

/// A body as phones write it: one to four media, with and without their own c=, a=rtcp and other attributes.
std::string any_body(const std::string& end) {
  const auto maybe = [] { return *rc::gen::arbitrary<bool>(); };
  std::string text = "v=0" + end + "o=- 1 " + std::to_string(*rc::gen::arbitrary<std::uint64_t>()) + " " +
                     field(any_address()) + end + "s=-" + end;
  text += "c=" + field(any_address()) + end + "t=0 0" + end;
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) {
    text += "m=audio " + std::to_string(*rc::gen::arbitrary<std::uint16_t>()) + " RTP/AVP 0 8" + end;
    if (maybe()) text += "c=" + field(any_address()) + end;
    if (maybe()) text += "a=ptime:20" + end;
    if (maybe()) text += "a=rtcp:" + std::to_string(*rc::gen::arbitrary<std::uint16_t>()) + end;
    if (maybe()) text += "a=sendonly" + end;
  }
  return text;
}

struct Wanted {
  std::uint64_t version;
  net::Address origin;
  net::Address session;
  std::vector<net::Address> connections;
  std::vector<std::uint16_t> ports;
  std::vector<std::uint16_t> rtcp;
};

Wanted list_edits(edit::EditList& list, const Session& s) {
  Wanted wanted{*rc::gen::arbitrary<std::uint64_t>(), any_address(), any_address(), {}, {}, {}};
  RC_ASSERT(replace_origin_version(list, s, wanted.version).has_value());
  RC_ASSERT(replace_address(list, s, s.origin.where, wanted.origin).has_value());
  RC_ASSERT(replace_address(list, s, s.connection.where, wanted.session).has_value());
  for (const Media& m : s.media()) {
    wanted.ports.push_back(*rc::gen::arbitrary<std::uint16_t>());
    wanted.rtcp.push_back(*rc::gen::arbitrary<std::uint16_t>());
    wanted.connections.push_back(m.connection.present() ? any_address() : wanted.session);
    RC_ASSERT(replace_port(list, m, wanted.ports.back()).has_value());
    if (m.connection.present())
      RC_ASSERT(replace_address(list, s, m.connection.where, wanted.connections.back()).has_value());
    RC_ASSERT((m.rtcp.present() ? replace_rtcp_port(list, m.rtcp, wanted.rtcp.back())
                                : add_rtcp(list, s, m, wanted.rtcp.back()))
                  .has_value());
  }
  return wanted;
}

RC_GTEST_PROP(Rewrite, EditedOutputReadsBackAsIntended, ()) {
  const std::string text = any_body(*rc::gen::element<std::string>("\r\n", "\n", "\r"));
  const Result<Session> before = parse(text);
  RC_ASSERT(before.has_value());
  edit::EditList list(text.size());
  const Wanted wanted = list_edits(list, *before);
  const std::string out = applied(text, list);
  const Result<Session> after = parse(out);
  RC_ASSERT(after.has_value());
  RC_ASSERT(after->media().size() == before->media().size());
  RC_ASSERT(after->origin_version() == wanted.version);
  RC_ASSERT(after->origin.where.literal == wanted.origin);
  RC_ASSERT(after->connection.where.literal == wanted.session);
  for (std::size_t i = 0; i < wanted.ports.size(); ++i) {
    const Media& m = after->media()[i];
    RC_ASSERT(m.port == wanted.ports[i]);
    RC_ASSERT(m.rtcp_port() == wanted.rtcp[i]);
    RC_ASSERT(after->connection_of(m).where.literal == wanted.connections[i]);
    RC_ASSERT(m.direction == before->media()[i].direction);
    RC_ASSERT(m.formats.of(out) == before->media()[i].formats.of(text));
  }
}

RC_GTEST_PROP(Rewrite, ANopIsIdentity, ()) {
  const std::string text = any_body("\r\n");
  const Result<Session> s = parse(text);
  RC_ASSERT(s.has_value());
  edit::EditList list(text.size());
  RC_ASSERT(replace_address(list, *s, s->connection.where, s->connection.where.literal).has_value());
  for (const Media& m : s->media()) RC_ASSERT(replace_port(list, m, m.port).has_value());
  RC_ASSERT(applied(text, list) == text);
}

}  // namespace
}  // namespace viaduct::sdp
