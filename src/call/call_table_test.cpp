// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/call_table.hpp"

#include "call/messages_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::call {
namespace {

TEST(CallTable, HandsOutACallWhenItsLingerIsOver) {
  Heard heard;
  heard.set_up(0, "c1");
  heard.hang_up(10, "c1");
  heard.add(42, "\r\n\r\n");
  heard.add(42.05, text_of({.call_id = "c2"}));
  EXPECT_EQ(heard.kept.calls.size(), 0U);
  heard.add(42.2, text_of({.call_id = "c3"}));
  ASSERT_EQ(heard.kept.calls.size(), 1U);
  EXPECT_EQ(heard.kept.calls[0].call_id.view(), "c1");
  EXPECT_EQ(heard.kept.calls[0].ending.kind, EndKind::bye);
  EXPECT_EQ(heard.signalling.calls().live(), 2U);
}

TEST(CallTable, WaitsHoursForAnEstablishedCallAndMinutesForAnAttempt) {
  Heard heard;
  heard.set_up(0, "established");
  heard.add(0.5, text_of({.call_id = "attempt"}));
  heard.add(3600, text_of({.call_id = "later"}));
  ASSERT_EQ(heard.kept.calls.size(), 1U);
  EXPECT_EQ(heard.kept.calls[0].call_id.view(), "attempt");
  EXPECT_EQ(heard.kept.calls[0].ending.kind, EndKind::unanswered);
}

TEST(CallTable, DropsAttemptsOfAFloodBeforeCallsThatPeopleSpeakOn) {
  CallLimits limits;
  limits.live_calls = 10;
  Heard heard(limits);
  heard.set_up(0, "talk");
  for (int i = 0; i < 1000; ++i) heard.add(1 + i * 0.001, text_of({.call_id = "flood" + std::to_string(i)}));
  EXPECT_EQ(heard.signalling.calls().live(), 10U);
  EXPECT_EQ(heard.signalling.calls().counts().evicted, 991U);
  for (const Call& call : heard.kept.calls) EXPECT_NE(call.call_id.view(), "talk");
}

TEST(CallTable, KeepsItsOctetsWithinTheLimit) {
  CallLimits limits;
  limits.octets = 100'000;
  Heard heard(limits);
  for (int i = 0; i < 500; ++i) {
    heard.set_up(i, "c" + std::to_string(i), static_cast<std::uint16_t>(4000 + 2 * i));
    ASSERT_LE(heard.signalling.calls().octets(), limits.octets);
  }
  EXPECT_GT(heard.signalling.calls().counts().evicted, 0U);
  heard.signalling.finish();
  EXPECT_EQ(heard.kept.calls.size(), 500U);
  EXPECT_EQ(heard.signalling.calls().octets(), 0U);
}

TEST(CallTable, BoundsWhatOneCallKeeps) {
  Heard heard;
  heard.set_up(0, "c1");
  for (int i = 2; i < 5000; ++i) {
    Wording again{.cseq = std::to_string(i) + " INVITE", .branch = "z9hG4bK" + std::to_string(i), .to_tag = "b1"};
    again.media = static_cast<std::uint16_t>(4000 + i);
    heard.add(i, text_of(again));
    again.start = "SIP/2.0 200 OK";
    again.media = static_cast<std::uint16_t>(9000 + i);
    heard.add(i + 0.1, text_of(again), false);
  }
  EXPECT_LT(heard.signalling.calls().octets(), 150'000U);
  heard.signalling.finish();
  Call& call = heard.kept.calls.at(0);
  EXPECT_EQ(call.dialogs.at(0).re_invites, 4998U);
  EXPECT_EQ(call.events.size(), Call::kMaxEvents);
  call.shrink(2048);
  EXPECT_LE(call.footprint(), 2048U);
  EXPECT_EQ(call.dialogs.at(0).re_invites, 4998U);
  ASSERT_FALSE(call.events.empty());
  EXPECT_EQ(call.events.front().kind, EventKind::invite) << "how it began is kept";
}

TEST(CallTable, FindsLiveCallsByTheirNumber) {
  Heard heard;
  heard.set_up(0, "c1");
  const MediaUse* const use = heard.signalling.media().find(0, endpoint(20, 5000), at(5));
  ASSERT_NE(use, nullptr);
  const Call* const call = heard.signalling.calls().find(use->call);
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->call_id.view(), "c1");
  const MediaSpan* const span = call->media_at(use->receiver, use->line, at(5));
  ASSERT_NE(span, nullptr);
  EXPECT_EQ(span->media.rtp, endpoint(20, 5000));
  ASSERT_NE(span->media.codec(18), nullptr);
  EXPECT_EQ(span->media.codec(18)->encoding_name(), "G729");
  EXPECT_EQ(span->media.codec(96), nullptr);
  EXPECT_EQ(heard.signalling.calls().find(99), nullptr);
}

TEST(CallTable, TypicalFinishedCallsKeepAllTheirEvents) {
  Heard heard;
  heard.set_up(0, "c1");
  heard.hang_up(60, "c1");
  heard.signalling.finish();
  Call& call = heard.kept.calls.at(0);
  const std::size_t events = call.events.size();
  call.shrink(2048);
  EXPECT_LE(call.footprint(), 2048U);
  EXPECT_EQ(call.events.size(), events);
  EXPECT_NE(call.media_at(Party::callee, 0, at(30)), nullptr);
}

}  // namespace
}  // namespace viaduct::call
