// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/stream_facts.hpp"

#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using call::Party;
using rtp::test::ms;
using std::chrono::seconds;
using test::Scene;

/// "to caller: L +2000 missing 100, quiet 30000, receiver first" for each gap.
std::string gaps_of(Scene& scene) {
  std::string text = "\n";
  for (const CallFacts& facts : scene.facts())
    for (const StreamFacts& stream : facts.streams)
      for (const GapFacts& gap : stream.gaps) {
        text += "to " + std::string(call::name(stream.receiver)) + ": " + static_cast<char>(gap.kind) + " +" +
                ms(gap.gap.length) + " missing " + std::to_string(gap.gap.missing);
        text += gap.quiet ? ", quiet " + ms(*gap.quiet) : ", other direction unknown";
        text += gap.receiver_first ? ", receiver first" : "";
        text += gap.open ? ", left open" : "";
        text += gap.source_after.address.present() ? ", then from " + gap.source_after.to_text() : "";
        text += "\n";
      }
  return text;
}

TEST(StreamFacts, WhatTheReceiverSentBeforeAGap) {
  Scene scene;
  scene.set_up(1).hang_up(200);
  scene.talk(1.3, Party::caller).send(500).pause(seconds(60)).send(500);
  scene.talk(1.3, Party::callee).send(500).lose(20).send(1480).lose(1500).send(500);
  EXPECT_EQ(gaps_of(scene), R"(
to callee: S +6e+04 missing 0, quiet 0
to caller: L +400 missing 20, quiet 0
to caller: L +3e+04 missing 1500, quiet 3e+04, receiver first
)");
}

TEST(StreamFacts, TheOtherDirectionWasNotCaptured) {
  Scene scene;
  scene.set_up(1).hang_up(200);
  scene.talk(1.3, Party::callee).send(500).lose(20).send(500);
  EXPECT_EQ(gaps_of(scene), R"(
to caller: L +400 missing 20, other direction unknown
)");
}

TEST(StreamFacts, BothDirectionsMissTheSameTime) {
  Scene scene;
  scene.set_up(1).hang_up(200);
  scene.talk(1.3, Party::caller).send(500).lose(50).send(500).lose(50).send(500);
  scene.talk(1.3, Party::callee).send(505).lose(50).send(1000);
  EXPECT_EQ(gaps_of(scene), R"(
to callee: L +1000 missing 50, quiet 0, left open
to callee: L +1000 missing 50, quiet 0
to caller: L +1000 missing 50, quiet 100, receiver first, left open
)");
}

TEST(StreamFacts, OnHold) {
  Scene scene;
  scene.set_up(1);
  scene.re_invite(11, 2, "sendonly");
  scene.re_invite(31, 3, "sendrecv").hang_up(60);
  scene.talk(1.3, Party::callee).send(500).pause(seconds(20)).send(500);
  EXPECT_EQ(gaps_of(scene), R"(
to caller: S +2e+04 missing 0, other direction unknown
)");
}

TEST(StreamFacts, AnotherSourceGoesOn) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  talk.send(500).lose(50).source = rtp::test::endpoint("198.51.100.20:6777");
  talk.send(500);
  EXPECT_EQ(gaps_of(scene), R"(
to caller: X +1000 missing 50, other direction unknown, then from 198.51.100.20:6777
)");
}

// How many are missing is known where a stream begins, and not where one goes on.
TEST(StreamFacts, BackToTheOldPort) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  const net::Endpoint old = talk.source;
  talk.send(500).lose(50).source = rtp::test::endpoint("198.51.100.20:6777");
  talk.send(500).pause(seconds(3)).source = old;
  talk.send(500);
  EXPECT_EQ(gaps_of(scene), R"(
to caller: X +1000 missing 0, other direction unknown, then from 198.51.100.20:6777
to caller: X +3000 missing 0, other direction unknown, then from 198.51.100.20:6000
)");
}

/// A NAT whose mapping flips: "gaps, then what is lost of all".
std::string flipped(int packets, int times) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  const net::Endpoint first = talk.source;
  for (int i = 0; i < times; ++i) {
    talk.source = i % 2 == 0 ? first : rtp::test::endpoint("198.51.100.20:6777");
    talk.send(packets);
  }
  std::uint64_t lost = 0;
  for (const CallFacts& facts : scene.facts())
    for (const StreamFacts& stream : facts.streams) lost += stream.lost();
  return gaps_of(scene) + std::to_string(lost) + " of " + std::to_string(packets * times);
}

TEST(StreamFacts, AnotherSourceGoesOnAndTheFirstOneComesBack) {
  EXPECT_EQ(flipped(250, 8), "\n0 of 2000");
  EXPECT_EQ(flipped(50, 40), "\n0 of 2000");
}

TEST(StreamFacts, SourcesThatFlipTooFastForGapsLoseNothing) {
  EXPECT_EQ(flipped(5, 400), "\n2 of 2000")
      << "each has half of the numbers; what lies at the edges of gaps is estimated";
}

TEST(StreamFacts, AGapInAFlippingStreamIsOne) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  const net::Endpoint first = talk.source;
  talk.send(250).source = rtp::test::endpoint("198.51.100.20:6777");
  talk.send(250).lose(50).send(100).source = first;
  talk.send(250);
  EXPECT_EQ(gaps_of(scene), R"(
to caller: L +1000 missing 50, other direction unknown
)");
}

TEST(StreamFacts, WhatFollowsAStreamIsCountedHoweverShortTheGap) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  talk.send(100).ssrc = 2;
  talk.send(100).source = rtp::test::endpoint("198.51.100.20:6777");
  talk.send(100).destination = rtp::test::endpoint("192.0.2.10:4002");
  talk.ssrc = 3;
  talk.send(100);
  std::string counted;
  const std::vector<CallFacts> calls = scene.facts();
  for (const StreamFacts& stream : calls.front().streams)
    counted += std::to_string(stream.ssrc_changes) + "/" + std::to_string(stream.port_changes) + " ";
  EXPECT_EQ(counted, "1/0 0/1 1/1 0/0 ");
}

TEST(StreamFacts, TheSameMediaOnBothSidesOfARouter) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  talk.send_twice(outer, talk.destination, 500);
  talk.pause(seconds(10));
  talk.send_twice(outer, talk.destination, 200);
  talk.send(100);  // the router drops these
  talk.send_twice(outer, talk.destination, 200);
  talk.lose(50);  // and nobody has those
  talk.send_twice(outer, talk.destination, 200);
  EXPECT_EQ(gaps_of(scene), R"(
to callee: S +1e+04 missing 0, other direction unknown
to callee: L +1000 missing 50, other direction unknown
to callee: S +1e+04 missing 0, other direction unknown
to callee: L +2000 missing 100, other direction unknown
to callee: L +1000 missing 50, other direction unknown
)");
  std::string counted;
  const std::vector<CallFacts> calls = scene.facts();
  for (const StreamFacts& stream : calls.front().streams) {
    counted += stream.seen_again ? "again " + std::to_string(*stream.seen_again) + ":" : "alone:";
    for (const GapFacts& gap : stream.gaps) counted += gap.outage() ? " " + ms(gap.gap.length) : "";
    counted += "\n";
  }
  EXPECT_EQ(counted, "again 1: 1000\nagain 0: 2000\n");
}

}  // namespace
}  // namespace viaduct::diagnose
