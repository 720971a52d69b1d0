// SPDX-License-Identifier: GPL-2.0-or-later
// Two captures of one router held against each other: what is joined, what is told apart.
#include "diagnose/sides/router_test.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace viaduct::diagnose::sides {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::vector<std::string> fields(const ChangedMessage& message) {
  std::vector<std::string> names(message.changes.size());
  std::ranges::transform(message.changes, names.begin(),
                         [](const JudgedChange& one) { return text(one.change) + " " + std::string(one.behaviour); });
  return names;
}

TEST(Compare, FindsNothingWhereNatAloneIsBetween) {
  Router router;
  router.registers(0);
  router.audio(1, 100, true);
  router.audio(1, 100, false);
  router.registers(10, 2);
  const Comparison both = router.compare();
  EXPECT_EQ(both.compared, 4U);
  EXPECT_TRUE(both.changed.empty());
  EXPECT_TRUE(both.lone.empty());
  EXPECT_TRUE(both.streams.lone.empty());
  EXPECT_EQ(both.streams.joins.size(), 2U);
  EXPECT_EQ(both.streams.missing, 0U);
  EXPECT_GT(both.streams.compared, 150U);
}

TEST(Compare, AlignsTheClocksAndFindsTheInnerSide) {
  Router router;
  router.registers(0);
  router.registers(100, 2);
  const Comparison both = router.compare();
  EXPECT_NEAR(seconds(both.alignment.clocks.offset()), 7, 0.001);
  EXPECT_LE(seconds(both.alignment.clocks.error()), 0.01);
  EXPECT_TRUE(both.inner_known);
  EXPECT_EQ(both.inner, Side::first);
  const Comparison turned = compare(router.outside, router.inside);
  EXPECT_EQ(turned.inner, Side::second);
  EXPECT_NEAR(seconds(turned.alignment.clocks.offset()), -7, 0.001);
}

TEST(Compare, TakesDriftOutOfTheClocks) {
  Router router;
  for (int i = 0; i < 20; ++i) {
    router.ahead = 7 + i * 60 * 100e-6;
    router.registers(i * 60, i + 1);
  }
  const Comparison both = router.compare();
  EXPECT_NEAR(both.alignment.clocks.drift(), 100e-6, 5e-6);
  EXPECT_NEAR(seconds(both.alignment.clocks.offset()), 7, 0.002);
}

TEST(Compare, LearnsMappingsFromHeadersOfPackets) {
  Router router;
  router.mapped = "203.0.113.2:1024";
  router.registers(0);
  router.audio(1, 50, true, {}, 0, 0, "203.0.113.2:1040");
  const Comparison both = router.compare();
  std::vector<std::string> lines;
  for (const Mapping& one : both.mappings.all()) lines.push_back(one.inner.to_text() + " " + one.outer.to_text());
  EXPECT_THAT(lines, testing::ElementsAre("192.168.1.10:5060 203.0.113.2:1024", "192.168.1.10:40000 203.0.113.2:1040"));
  EXPECT_EQ(both.mappings.truth(at("192.168.1.10:5060"), at("203.0.113.2:1024")), Truth::mapped);
  EXPECT_EQ(both.mappings.truth(at("192.168.1.10:5060"), at("203.0.113.2:5060")), Truth::port);
  EXPECT_EQ(both.mappings.truth(at("192.168.1.10:5060"), at("203.0.113.9:5060")), Truth::address);
  EXPECT_EQ(both.mappings.truth(at("192.168.1.10:7777"), at("203.0.113.2:7777")), Truth::unknown);
}

TEST(Compare, JoinsMessagesWhoseCallIdAndBranchWereRewritten) {
  Router router;
  router.out(0, router.request("REGISTER", 1), [](const std::string& message) {
    return Router::replacing("Call-ID: c1", "Call-ID: x9")(Router::replacing("z9hG4bK", "z9hG4bKbox")(message));
  });
  const Comparison both = router.compare();
  ASSERT_EQ(both.changed.size(), 1U);
  EXPECT_THAT(fields(both.changed[0]), testing::ElementsAre("Via branch ", "Call-ID A10"));
}

/// The request of one phone is lost, and that of another one, which has its tags, is seen outside alone.
TEST(Compare, JoinsNoPhonesThatHaveTheSameTags) {
  Router router;
  router.registers(1);
  const std::string one = router.request("REGISTER", 2);
  std::string other = one;
  for (const auto& [what, with] : {std::pair("alice", "carol"), std::pair("bob", "carol"), std::pair("c1", "c2"),
                                   std::pair("REGISTER2", "REGISTERx2")})
    other = Router::replacing(what, with)(other);
  router.lost_out(2, one);
  router.only_outside(2.01 + router.ahead, other);
  router.registers(5, 3);
  const Comparison comparison = router.compare();
  EXPECT_EQ(comparison.alignment.pairs.size(), 4U);
  EXPECT_EQ(comparison.alignment.only_first.size(), 1U);
  EXPECT_EQ(comparison.alignment.only_second.size(), 1U);
}

TEST(Compare, JoinsEachCopyOfAMessageWithItsOwn) {
  Router router;
  router.registers(0);
  router.out(10, router.request("INVITE", 2));
  router.lost_out(10.5, router.request("INVITE", 2));
  router.out(11.5, router.request("INVITE", 2));
  router.registers(20, 3);
  const Comparison both = router.compare();
  ASSERT_EQ(both.alignment.only_first.size(), 1U);
  EXPECT_NEAR(seconds(both.log(Side::first).messages.all()[both.alignment.only_first[0]].time.time_since_epoch()), 10.5,
              0.001);
  EXPECT_TRUE(both.lone.empty()) << "other copies arrived";
}

TEST(Compare, JoinsCopiesThatWereHeldBackAndLetGoTogether) {
  Router router;
  router.registers(0);
  const std::string message = router.request("REGISTER", 2);
  const auto edit = Router::replacing("alice@192.168.1.10", "alice@203.0.113.2");
  router.held_out(10, 5.01, message, edit);
  router.held_out(10.5, 4.51, message, edit);
  router.held_out(11.5, 3.51, message, edit);
  router.registers(20, 3);
  const Comparison both = router.compare();
  EXPECT_EQ(both.changed.size(), 3U);
  EXPECT_TRUE(both.alignment.only_first.empty());
  EXPECT_TRUE(both.alignment.only_second.empty());
}

TEST(Compare, JoinsNothingLateThatHasAnotherBranch) {
  Router router;
  router.registers(0);
  router.held_out(10, 5.01, router.request("REGISTER", 2), Router::replacing("z9hG4bK", "z9hG4bKbox"));
  router.registers(20, 3);
  const Comparison both = router.compare();
  EXPECT_EQ(both.alignment.only_first.size(), 1U);
  EXPECT_EQ(both.alignment.only_second.size(), 1U);
}

TEST(Compare, LetsTheOriginOfASessionStayWhereTheRouterMoves) {
  Router router;
  router.registers(0);
  router.out(1, router.request("INVITE", 2, Router::sdp("192.168.1.10", 40000)),
             Router::replacing("192.168.1.10", "203.0.113.2"));
  router.mapped = "203.0.113.3:5060";
  router.out(5, router.request("INVITE", 3, Router::sdp("192.168.1.10", 40000, 2)), [](const std::string& message) {
    return Router::replacing("192.168.1.10", "203.0.113.3")(
        Router::replacing("o=- 1 2 IN IP4 192.168.1.10", "o=- 1 2 IN IP4 203.0.113.2")(message));
  });
  router.registers(20, 4);
  const Comparison both = router.compare();
  ASSERT_EQ(both.changed.size(), 2U);
  EXPECT_THAT(fields(both.changed[1]), testing::ElementsAre("Via sent-by A06", "Contact host A06", "Content-Length ",
                                                            "SDP o= address ", "SDP c= address "));
  EXPECT_TRUE(both.remaps.empty()) << "the port went along";
}

TEST(Compare, NamesAnOriginThatBecomesAnother) {
  Router router;
  router.registers(0);
  router.out(1, router.request("INVITE", 2, Router::sdp("192.168.1.10", 40000)),
             Router::replacing("192.168.1.10", "203.0.113.2"));
  router.out(5, router.request("INVITE", 3, Router::sdp("192.168.1.10", 40000, 2)), [](const std::string& message) {
    return Router::replacing("192.168.1.10", "203.0.113.2")(
        Router::replacing("o=- 1 2 IN IP4 192.168.1.10", "o=- 1 2 IN IP4 0.0.0.0")(message));
  });
  const Comparison both = router.compare();
  ASSERT_EQ(both.changed.size(), 2U);
  EXPECT_THAT(fields(both.changed[1]), testing::Contains("SDP o= address B03"));
}

TEST(Compare, JudgesWhatWasWrittenByTheMappings) {
  Router router;
  router.mapped = "203.0.113.2:1024";
  router.registers(0, 1, Router::replacing("192.168.1.10:5060", "203.0.113.2:1024"));
  router.registers(9, 2, Router::replacing("192.168.1.10:5060", "203.0.113.2:5060"));
  const Comparison both = router.compare();
  ASSERT_EQ(both.changed.size(), 2U);
  EXPECT_FALSE(both.changed[0].is_false());
  EXPECT_THAT(fields(both.changed[0]), testing::ElementsAre("Via sent-by A06", "Contact host A06", "Contact port A06"));
  EXPECT_TRUE(both.changed[1].is_false());
  EXPECT_THAT(fields(both.changed[1]), testing::ElementsAre("Via sent-by A06", "Contact host A01"));
}

TEST(Compare, NamesTheRangesOfBothCopies) {
  Router router;
  router.registers(0, 1, Router::replacing("alice@192.168.1.10", "alice@203.0.113.2"));
  const Comparison both = router.compare();
  ASSERT_EQ(both.changed.size(), 1U);
  const finding::ByteDiff diff = both.byte_diff(both.changed[0]);
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_EQ(diff.title, "REGISTER, outbound");
  EXPECT_EQ(diff.changes[0].field, "Contact host");
  EXPECT_EQ(diff.changes[0].before.of(diff.before), "192.168.1.10");
  EXPECT_EQ(diff.changes[0].after.of(diff.after), "203.0.113.2");
  EXPECT_EQ(diff.before_at.input, 0U);
  EXPECT_EQ(diff.after_at.input, 1U);
}

TEST(Compare, TellsWhereTheInsideWasLeft) {
  Router router;
  const std::string routes = "Record-Route: <sip:192.168.1.10;lr>\r\n";
  router.registers(0);
  router.out(1,
             router.request("INVITE", 2, Router::sdp("192.168.1.10", 40000, 1, "a=rtcp:40001 IN IP4 192.168.1.10\r\n"),
                            routes),
             [](const std::string& message) {
               return Router::replacing("c=IN IP4 192.168.1.10", "c=IN IP4 203.0.113.2")(
                   Router::replacing("alice@192.168.1.10", "alice@203.0.113.2")(message));
             });
  const Comparison both = router.compare();
  ASSERT_EQ(both.changed.size(), 1U);
  std::vector<std::string> left;
  for (const Field& field : both.changed[0].left) left.push_back(text(field));
  EXPECT_THAT(left, testing::ElementsAre("Record-Route host", "SDP o= address", "SDP a=rtcp address"));
}

TEST(Compare, TellsAProxyFromABoxInThePath) {
  Router router;
  // The phone sends to the proxy, and the proxy to the platform, with a Via of its own.
  router.platform = "192.168.1.1:5060";
  router.lost_out(0, router.request("REGISTER", 1));
  router.platform = "198.51.100.10:5060";
  Router beyond;
  beyond.phone = "203.0.113.2:5060";
  beyond.lost_out(0.002, Router::replacing("Via: ", "Via: SIP/2.0/UDP 203.0.113.2;branch=z9hG4bKp\r\nVia: ")(
                             Router::replacing("Max-Forwards: 70", "Max-Forwards: 69")(router.request("REGISTER", 1))));
  const Comparison both = compare(router.inside, beyond.inside);
  EXPECT_EQ(both.alignment.pairs.size(), 1U);
  EXPECT_EQ(both.proxied.size(), 1U);
  EXPECT_EQ(both.compared, 0U);
  EXPECT_TRUE(both.changed.empty());
}

TEST(Compare, WhatEndsAtAProxyIsNotLost) {
  Router near;
  near.platform = "192.168.1.1:5060";
  Router beyond;
  beyond.phone = "203.0.113.2:5060";
  const Router::Edit via = Router::replacing("Via: ", "Via: SIP/2.0/UDP 203.0.113.2;branch=z9hG4bKp\r\nVia: ");
  for (int i = 0; i < 5; ++i) {
    near.lost_out(10 * i, near.request("OPTIONS", i + 1));
    beyond.lost_out(10 * i + 0.002, via(near.request("OPTIONS", i + 1)));
    // The platform's 100 is for the proxy, which keeps it.
    if (i < 4) beyond.in(10 * i + 0.1, beyond.response(100, "OPTIONS", i + 1));
  }
  const Comparison both = compare(near.inside, beyond.inside);
  EXPECT_EQ(both.proxied.size(), 5U);
  EXPECT_TRUE(both.lone.empty());
}

TEST(Compare, CountsThePacketsThatDidNotArriveWithTheirTime) {
  Router router;
  router.registers(0);
  router.audio(1, 500, true, [](int i) { return i >= 200 && i < 250; });
  router.audio(1, 500, false, [](int i) { return i == 100; });
  router.registers(20, 2);
  const Comparison both = router.compare();
  ASSERT_EQ(both.streams.joins.size(), 2U);
  const StreamJoin& out = both.streams.joins[0];
  EXPECT_EQ(out.from, Side::first);
  EXPECT_EQ(out.missing, 50U);
  ASSERT_EQ(out.runs.size(), 1U);
  EXPECT_EQ(out.runs[0].packets, 50U);
  EXPECT_NEAR(seconds(out.runs[0].begin.time_since_epoch()), 5, 0.03);
  EXPECT_NEAR(seconds(out.runs[0].length), 1, 0.03);
  const StreamJoin& in = both.streams.joins[1];
  EXPECT_EQ(in.from, Side::second);
  EXPECT_EQ(in.missing, 1U);
  EXPECT_NEAR(seconds(in.runs[0].begin.time_since_epoch()), 3, 0.03);
}

TEST(Compare, JoinsAStreamWhoseMappingChanged) {
  Router router;
  router.registers(0);
  router.audio(1, 100, true, [](int i) { return i >= 50; });
  router.audio(
      1, 100, true, [](int i) { return i < 52; }, 46, 46, "203.0.113.2:40002");
  router.registers(20, 2);
  const Comparison both = router.compare();
  ASSERT_EQ(both.streams.joins.size(), 1U);
  EXPECT_EQ(both.streams.joins[0].second.size(), 2U);
  EXPECT_EQ(both.streams.joins[0].missing, 2U);
}

TEST(Compare, FindsAnotherPortAtAReInviteAndTheGapBehindIt) {
  Router router;
  router.registers(0);
  router.out(1, router.request("INVITE", 2, Router::sdp("192.168.1.10", 40000)),
             Router::replacing("192.168.1.10", "203.0.113.2"));
  router.audio(2, 500, false, [](int i) { return i >= 205 && i < 260; });
  router.out(6, router.request("INVITE", 3, Router::sdp("192.168.1.10", 40000)), [](const std::string& message) {
    return Router::replacing("192.168.1.10",
                             "203.0.113.2")(Router::replacing("m=audio 40000", "m=audio 40002")(message));
  });
  router.registers(20, 4);
  const Comparison both = router.compare();
  ASSERT_EQ(both.remaps.size(), 1U);
  EXPECT_EQ(both.remaps[0].after.to_text(), "203.0.113.2:40002");
  EXPECT_TRUE(both.remaps[0].same_version);
  ASSERT_TRUE(both.remaps[0].gap);
  EXPECT_EQ(both.remaps[0].gap->packets, 55U);
}

TEST(Compare, TellsALostMessageByItsCopiesAndNeighbours) {
  Router router;
  router.registers(0);
  for (const double time : {10.0, 10.5, 11.5}) router.lost_out(time, router.request("INFO", 2));
  router.out(11, router.request("OPTIONS", 3));
  router.registers(20, 4);
  const Comparison both = router.compare();
  ASSERT_EQ(both.lone.size(), 1U);
  const LoneMessage& lone = both.lone[0];
  EXPECT_EQ(both.message(lone).name(), "INFO");
  EXPECT_EQ(lone.copies, 3U);
  EXPECT_EQ(lone.covered, 3U);
  EXPECT_FALSE(lone.made);
  EXPECT_FALSE(lone.inbound);
  EXPECT_TRUE(lone.passed_between);
  EXPECT_THAT(lone.behaviours, testing::ElementsAre("A19"));
}

TEST(Compare, KeepsToItsLimits) {
  MessageStore store({.messages = 1, .octets = 100});
  PacketLog packets({.runs = 1, .blocks = 1000});
  SeenPacket packet;
  packets.add(packet);
  packet.ssrc = 5;
  packets.add(packet);
  EXPECT_EQ(packets.runs().size(), 1U);
  EXPECT_EQ(packets.dropped(), 1U);
}

RC_GTEST_PROP(Compare, FindsEveryPacketThatIsMissing, ()) {
  const int packets = *rc::gen::inRange(50, 400);
  const auto lost = *rc::gen::container<std::set<int>>(rc::gen::inRange(0, packets));
  Router router;
  router.registers(-2);
  router.audio(1, packets, true, [&](int i) { return lost.contains(i); });
  router.registers(20, 2);
  const Comparison both = router.compare();
  std::uint64_t runs = 0;
  if (lost.size() == static_cast<std::size_t>(packets)) return;
  RC_ASSERT(both.streams.joins.size() == 1U);
  for (const MissingRun& run : both.streams.joins[0].runs) runs += run.packets;
  RC_ASSERT(both.streams.missing == lost.size());
  RC_ASSERT(runs == lost.size());
}

}  // namespace
}  // namespace viaduct::diagnose::sides
