// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/call_table.hpp"

#include "call/messages_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

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
  for (int minute = 1; minute < 60; ++minute) heard.signalling.advance(at(60 * minute));
  heard.add(3600, text_of({.call_id = "later"}));
  ASSERT_EQ(heard.kept.calls.size(), 1U);
  EXPECT_EQ(heard.kept.calls[0].call_id.view(), "attempt");
  EXPECT_EQ(heard.kept.calls[0].ending.kind, EndKind::unanswered);
}

/// What is said of each call that was handed out, without what its messages were.
std::string ends_of(const Heard& heard) {
  std::string text = "\n";
  for (const Call& call : heard.kept.calls)
    text += std::string(call.call_id.view()) + ": " + std::to_string(call.messages) + " messages, " +
            std::string(name(call.ending.kind)) + "\n";
  return text;
}

TEST(CallTable, IsNotHurriedByOneFrameFromTheFuture) {
  Heard heard;
  heard.set_up(0, "talk");
  heard.add(1, text_of({.call_id = "rings"}));
  heard.add(1e9, text_of({.call_id = "lies"}));
  heard.add(2, text_of({.start = "SIP/2.0 180 Ringing", .call_id = "rings", .to_tag = "b1"}), false);
  heard.set_up(3, "next");
  heard.hang_up(5, "next");
  heard.hang_up(10, "talk");
  for (int i = 20; i < 60; ++i) heard.signalling.advance(at(i));
  EXPECT_EQ(ends_of(heard), R"(
next: 5 messages, bye
talk: 5 messages, bye
)") << "and those that are over are handed out in time";
}

TEST(CallTable, CarriesItsCallsOverAClockThatIsSet) {
  for (const double step : {7200.0, 36000.0, -7200.0, -36000.0}) {
    Heard heard;
    heard.set_up(50'000, "talk");
    heard.add(50'001, text_of({.call_id = "rings"}));
    const double then = 50'002 + step;
    heard.add(then, text_of({.start = "SIP/2.0 180 Ringing", .call_id = "rings", .to_tag = "b1"}), false);
    heard.set_up(then + 1, "next");
    heard.hang_up(then + 5, "next");
    heard.hang_up(then + 10, "talk");
    for (int i = 20; i < 60; ++i) heard.signalling.advance(at(then + i));
    EXPECT_EQ(ends_of(heard), R"(
next: 5 messages, bye
talk: 5 messages, bye
)") << step;
    heard.signalling.finish();
    EXPECT_EQ(heard.kept.calls.back().messages, 2U) << "and the one that rings";
  }
}

/// Call-IDs of one std::hash: of two blocks of eight octets the second takes back what the first changes, the highest
/// bit of the state (MurmurHash64A, as libstdc++ has it).
std::array<std::string, 2> colliding_ids() {
  constexpr std::uint64_t kMul = 0xc6a4a7935bd1e995U;
  std::uint64_t inverse = kMul;
  for (int i = 0; i < 5; ++i) inverse *= 2 - kMul * inverse;
  const auto twin_of = [&](std::uint64_t block) {
    block *= kMul;
    block = (block ^ block >> 47U) * kMul ^ std::uint64_t{1} << 63U;
    block *= inverse;
    return (block ^ block >> 47U) * inverse;
  };
  std::uint32_t number = 0;
  std::array<std::string, 2> ids;
  while (ids[0].size() < 16 && number < 1'000'000) {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", number++);
    std::uint64_t block = 0;
    std::memcpy(&block, text, sizeof block);
    const std::uint64_t twin = twin_of(block);
    std::string other(8, '\0');
    std::memcpy(other.data(), &twin, sizeof twin);
    if (!std::all_of(other.begin(), other.end(), [](unsigned char c) { return c > ' ' && c != 0x7f; })) continue;
    ids[0] += text;
    ids[1] += other;
  }
  return ids;
}

TEST(CallTable, TellsCallIdsApartThatWereMadeToMeet) {
  const auto [one, other] = colliding_ids();
  ASSERT_NE(one, other);
  ASSERT_EQ(std::hash<std::string>{}(one), std::hash<std::string>{}(other)) << "else this proves nothing";
  Heard heard;
  heard.set_up(0, one);
  heard.set_up(1, other, 4100, 5100);
  heard.hang_up(5, one);
  heard.signalling.finish();
  EXPECT_EQ(ends_of(heard), "\n" + one + ": 5 messages, bye\n" + other + ": 3 messages, open\n");
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

TEST(CallTable, KnowsTheNewestMediaOfACallThatIsHeldAllTheTime) {
  Heard heard;
  heard.set_up(0, "c1");
  for (int i = 1; i <= 180; ++i) {
    Wording again{.cseq = std::to_string(i + 1) + " INVITE", .branch = "z9hG4bKr" + std::to_string(i), .to_tag = "b1"};
    again.media = static_cast<std::uint16_t>(4000 + 2 * i);
    heard.add(20 * i, text_of(again));
    again.start = "SIP/2.0 200 OK";
    again.media = static_cast<std::uint16_t>(5000 + 2 * i);
    again.host = 20;
    heard.add(20 * i + 0.1, text_of(again), false);
  }
  const MediaUse* const use = heard.signalling.media().find(0, endpoint(20, 5360), at(3601));
  ASSERT_NE(use, nullptr) << "it was lost";
  heard.hang_up(3620, "c1");
  heard.signalling.finish();
  const Call& call = heard.kept.calls.at(0);
  EXPECT_EQ(call.legs.at(0).negotiation.spans().size(), Negotiation::kMaxSpans);
  EXPECT_EQ(call.legs.at(0).negotiation.dropped(), 2U * 181 - Negotiation::kMaxSpans);
  std::string ports = "\n";
  for (const double seconds : {10.0, 50.0, 3590.0, 3610.0})
    for (const Party party : {Party::caller, Party::callee}) {
      const MediaSpan* const span = call.media_at(party, 0, at(seconds));
      ports += std::to_string(static_cast<int>(seconds)) + " s " + std::string(name(party)) + " " +
               (span == nullptr ? "-" : std::to_string(span->media.rtp.port)) + "\n";
    }
  EXPECT_EQ(ports, R"(
10 s caller 4000
10 s callee 5000
50 s caller 4004
50 s callee 5004
3590 s caller 4358
3590 s callee 5358
3610 s caller 4360
3610 s callee 5360
)");
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
