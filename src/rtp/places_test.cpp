// SPDX-License-Identifier: GPL-2.0-or-later
// The same packets captured at two places, before and after a translation.
#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::rtp::test {
namespace {

using namespace std::chrono_literals;

const net::Endpoint kOuter = endpoint("203.0.113.9:40000");

/// "0 1", and behind each place that of which stream it is again.
std::string places_of(const Flow& flow) {
  std::string text;
  const std::vector<std::size_t> places = flow.places();
  for (std::size_t i = 0; i < places.size(); ++i) {
    text += (i == 0 ? "" : " ") + std::to_string(places[i]);
    if (const auto again = flow.seen_again(i)) text += "=" + std::to_string(*again);
  }
  return text;
}

TEST(Sequence, KnowsWhichOfTheLastNumbersCame) {
  Sequence sequence;
  for (std::uint16_t i = 0; i < 40; ++i)
    if (i != 20) sequence.add(static_cast<std::uint16_t>(65520 + i), i * 160U, true);
  EXPECT_EQ(sequence.has(65530), true);
  EXPECT_EQ(sequence.has(static_cast<std::uint16_t>(65520 + 20)), false);
  EXPECT_EQ(sequence.has(23), true) << "the highest one";
  EXPECT_EQ(sequence.has(24), std::nullopt) << "not yet";
  EXPECT_EQ(sequence.has(65519), std::nullopt) << "before the first";
}

TEST(Flow, HasOnePlaceWhereNothingIsSeenAgain) {
  Talk talk;
  talk.send(100).source.port = 4711;
  talk.send(100).ssrc = 0xbeef;
  EXPECT_EQ(places_of(talk.send(100).flow), "0 0 0");
}

TEST(Flow, HasAPlaceForEachSideOfARouter) {
  Talk talk;
  talk.send_twice(kOuter, talk.destination, 100);
  EXPECT_EQ(places_of(talk.flow), "0=1 1=0");
  EXPECT_TRUE(talk.flow.streams()[0].same_packets(talk.flow.streams()[1]));
  EXPECT_TRUE(talk.flow.successions().empty());
}

TEST(Flow, SeesTheSameAlsoWhereTheSecondPlaceIsLateOrLosesAThird) {
  Talk late;
  late.send_twice(kOuter, late.destination, 200, 300ms);
  EXPECT_EQ(places_of(late.flow), "0=1 1=0");
  Talk lossy;
  for (int i = 0; i < 100; ++i) {
    lossy.send_twice(kOuter, lossy.destination, 2);
    lossy.send(1);
  }
  EXPECT_EQ(places_of(lossy.flow), "0=1 1=0");
}

TEST(Flow, TakesAChangeOfPortForNoOtherPlace) {
  Talk talk;
  talk.send(200).source.port = 4711;
  talk.send(200).source.port = 4000;
  EXPECT_EQ(places_of(talk.send(200).flow), "0 0");
  EXPECT_FALSE(talk.flow.streams()[0].same_packets(talk.flow.streams()[1]));
}

TEST(Flow, TakesASharedLoadForNoOtherPlace) {
  Talk talk;
  for (int i = 0; i < 200; ++i) {
    talk.send(1).source.port = i % 2 == 0 ? 4711 : 4000;
  }
  EXPECT_EQ(places_of(talk.flow), "0 0") << "each packet went one of two ways";
}

TEST(Flow, KeepsThePlaceWhenAPortChangesOnBothSides) {
  Talk talk;
  talk.send_twice(kOuter, talk.destination, 100);
  talk.source.port = 4002;
  net::Endpoint moved = kOuter;
  moved.port = 40002;
  talk.send_twice(moved, talk.destination, 100);
  EXPECT_EQ(places_of(talk.flow), "0=1 1=0 0=3 1=2");
}

TEST(Stream, IsNotTheSameAsOneOfAnotherSsrc) {
  Talk talk;
  talk.send_twice(kOuter, talk.destination, 40);
  const Stream stranger(0xbeef, kOuter, endpoint("198.51.100.2:6000"));
  EXPECT_FALSE(talk.flow.streams()[0].same_packets(stranger));
}

/// Each is compared with the first ones alone, so that a packet of one SSRC from everywhere takes no more room.
TEST(Stream, ComparesWithSoManyOthersAndNoMore) {
  constexpr std::size_t kPlaces = Stream::kMostCompared + 4;
  Talk talk;
  for (int packet = 0; packet < 100; ++packet) {
    const std::uint16_t number = talk.sequence;
    for (std::uint16_t place = 0; place < kPlaces; ++place) {
      talk.sequence = number;
      talk.source.port = static_cast<std::uint16_t>(4000 + place);
      talk.send(1);
    }
  }
  const auto& streams = talk.flow.streams();
  ASSERT_EQ(streams.size(), kPlaces);
  for (std::size_t a = 0; a < kPlaces; ++a)
    for (std::size_t b = a + 1; b < kPlaces; ++b)
      EXPECT_EQ(streams[a].same_packets(streams[b]), a < Stream::kMostCompared) << a << " and " << b;
}

}  // namespace
}  // namespace viaduct::rtp::test
