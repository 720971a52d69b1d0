// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/attribute.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace viaduct::sdp {
namespace {

TEST(AttributeId, KnowsEveryNameInAnyCaseAndNothingNearIt) {
  for (int i = 1; i < static_cast<int>(AttributeId::last); ++i) {
    const AttributeId id = static_cast<AttributeId>(i);
    const std::string known(attribute_name(id));
    std::string upper = known;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(attribute_id(known), id) << known;
    EXPECT_EQ(attribute_id(upper), id) << upper;
    EXPECT_EQ(attribute_id(known + "x"), AttributeId::other) << known;
    EXPECT_EQ(attribute_id("x" + known), AttributeId::other) << known;
    EXPECT_EQ(attribute_id(known + std::string(1, '\0')), AttributeId::other) << known;
    std::string wrong_end = known;
    wrong_end.back() = '?';
    EXPECT_EQ(attribute_id(wrong_end), AttributeId::other) << known;
  }
  for (base::Bytes name : {"", "x", "rtc", "rtcp-fb", "candidatf", "ssrc", "extmap", "rtcp-muy-only"})
    EXPECT_EQ(attribute_id(name), AttributeId::other) << name;
  EXPECT_EQ(attribute_name(AttributeId::last), "");
}

// The parser reads eight octets of a name at once where there are eight; at the end of the buffer there are not.
TEST(AttributeId, IsTheSameAtTheEndOfTheBuffer) {
  for (int i = 1; i < static_cast<int>(AttributeId::last); ++i) {
    const AttributeId id = static_cast<AttributeId>(i);
    const std::string line = "a=" + std::string(attribute_name(id));
    const std::string more = line + "         ";
    const base::Range range{0, static_cast<std::uint32_t>(line.size())};
    EXPECT_EQ(split_attribute(line, range).id, id) << line;
    EXPECT_EQ(split_attribute(more, range).id, id) << line;
  }
}

TEST(Attributes, AreWalkedPerLevel) {
  const Result<Session> s = parse(
      "v=0\r\na=group:BUNDLE 0\r\nt=0 0\r\na=tool:x\r\nm=audio 4000 RTP/AVP 0\r\na=mid:0\r\nb=AS:64\r\na=empty:\r\n"
      "a=sendrecv\r\nm=video 0 RTP/AVP 31\r\n");
  ASSERT_TRUE(s);
  const auto walk = [&](Attributes all) {
    std::string seen;
    while (std::optional<Attribute> a = all.next())
      seen += std::string(s->text(a->name)) + (a->value.present() ? ":" + std::string(s->text(a->value)) : "") + " ";
    return seen;
  };
  EXPECT_EQ(walk(Attributes(*s)), "group:BUNDLE 0 tool:x ");
  EXPECT_EQ(walk(Attributes(*s, s->media()[0])), "mid:0 empty: sendrecv ");
  EXPECT_EQ(walk(Attributes(*s, s->media()[1])), "");
  EXPECT_EQ(s->text(Attributes(*s).next(AttributeId::group)->value), "BUNDLE 0");
  EXPECT_FALSE(Attributes(*s).next(AttributeId::mid));
}

TEST(Connections, AreWalkedPerLevel) {
  const Result<Session> s = parse(
      "v=0\r\nc=IN IP4 192.0.2.1\r\nm=video 4000 RTP/AVP 31\r\nc=IN IP4 233.252.0.1/127\r\nc=IN IP4 "
      "233.252.0.2/127\r\n");
  ASSERT_TRUE(s);
  Connections session(*s);
  EXPECT_EQ(session.next()->where.literal.to_text(), "192.0.2.1");
  EXPECT_FALSE(session.next());
  Connections media(*s, s->media()[0]);
  EXPECT_EQ(media.next()->where.literal.to_text(), "233.252.0.1");
  const std::optional<Connection> second = media.next();
  EXPECT_EQ(second->where.literal.to_text(), "233.252.0.2");
  EXPECT_EQ(s->text(second->suffix), "/127");
  EXPECT_FALSE(media.next());
}

}  // namespace
}  // namespace viaduct::sdp
