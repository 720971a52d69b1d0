// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/moved_media.hpp"

#include "diagnose/finding_text_test.hpp"
#include "diagnose/rules/rules.hpp"
#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace viaduct::app::analyze {
namespace {

using rtp::test::endpoint;
using rtp::test::Talk;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Flows = std::vector<std::unique_ptr<MediaFlow>>;

/// A flow for each pair of endpoints, as MediaTable has what no SIP names.
void add(Flows& flows, const Talk& talk) {
  for (const rtp::Stream& stream : talk.flow.streams()) {
    auto flow = std::make_unique<MediaFlow>();
    flow->ends = {stream.source(), stream.destination()};
    rtp::Flow all = talk.flow;
    flow->flow.absorb(all, [&](const rtp::Stream& one) {
      return one.source() == stream.source() && one.destination() == stream.destination();
    });
    flows.push_back(std::move(flow));
  }
}

/// What is joined, its gaps, and what drop-outs says of it.
std::string joined(Flows&& flows) {
  join_moved(flows);
  std::string text = "\n";
  for (const std::unique_ptr<MediaFlow>& flow : flows) {
    const std::vector<diagnose::StreamFacts> facts = diagnose::stream_facts(flow->flow, {.named = false}, nullptr, {});
    text += flow->ends.source.to_text() + " -> " + flow->ends.destination.to_text() + ": streams " +
            std::to_string(facts.size()) + ", talkers " + std::to_string(facts.size() - parts_of_others(facts)) +
            ", drop-outs " + std::string(finding::name(diagnose::rules::drop_outs().judge(facts).verdict)) + "\n";
    for (const diagnose::StreamFacts& stream : facts)
      for (const diagnose::GapFacts& gap : stream.gaps)
        text += "  " + rtp::test::text_of(gap.gap) +
                (gap.source_after.address.present() ? ", then from " + gap.source_after.to_text() : "") + "\n";
  }
  return text;
}

std::string joined(const Talk& talk) {
  Flows flows;
  add(flows, talk);
  return joined(std::move(flows));
}

TEST(MovedMedia, AnotherSourceGoesOnAfterALoss) {
  Talk talk;
  talk.send(1500);
  for (const char* const source : {"192.0.2.1:4002", "192.0.2.1:4004"}) {
    talk.lose(100).source = endpoint(source);
    talk.send(1500);
  }
  EXPECT_EQ(joined(talk), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 3, talkers 1, drop-outs fail
  X 3e+04+2000 missing 100 in 1, then from 192.0.2.1:4002
  X 6.2e+04+2000 missing 100 in 1, then from 192.0.2.1:4004
)");
}

TEST(MovedMedia, OfAClockThatIsNotKnown) {
  Talk talk;
  talk.payload_type = 96;
  talk.send(20).lose(100).source = endpoint("192.0.2.1:4002");
  EXPECT_EQ(joined(talk.send(20)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 2, talkers 1, drop-outs fail
  X 405+2000 missing 100 in 1, then from 192.0.2.1:4002
)");
}

TEST(MovedMedia, AnotherDestinationGoesOnAfterALoss) {
  Talk talk;
  talk.send(1500).lose(100).destination = endpoint("198.51.100.2:6002");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 2, talkers 1, drop-outs fail
  R 3e+04+2000 missing 100 in 1, then from 192.0.2.1:4000
)");
}

TEST(MovedMedia, AnotherDestinationThatTheSenderWasTold) {
  Talk talk;
  talk.send(1500).pause(milliseconds(400)).destination = endpoint("198.51.100.2:6002");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 2, talkers 1, drop-outs pass
  R 3e+04+400 missing 0 in 0, then from 192.0.2.1:4000
)");
}

TEST(MovedMedia, NothingIsMissing) {
  Talk talk;
  talk.send(1500).source = endpoint("192.0.2.1:4002");
  talk.send(1500).source = endpoint("192.0.2.1:4004");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 3, talkers 1, drop-outs pass
)");
}

TEST(MovedMedia, TheOldPortAgain) {
  Talk talk;
  talk.send(1500).lose(50).source = endpoint("192.0.2.1:4002");
  talk.send(1500).source = endpoint("192.0.2.1:4000");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 2, talkers 1, drop-outs fail
  X 3e+04+1000 missing 0 in 0, then from 192.0.2.1:4002
)");
}

TEST(MovedMedia, AnotherCallOfTheSameSsrc) {
  Talk talk;
  talk.send(1500).lose(100).source = endpoint("192.0.2.1:4002");
  talk.sequence = 1000;
  talk.timestamp = 16000;
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
192.0.2.1:4002 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
)") << "that counts from the begin again";
  talk.stall(seconds(30)).source = endpoint("192.0.2.1:4004");
  talk.sequence += 500;
  talk.timestamp += 77'000'000;
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
192.0.2.1:4002 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
192.0.2.1:4004 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
)") << "that counts from anywhere";
}

TEST(MovedMedia, AnotherPairOfHosts) {
  Talk talk;
  talk.send(1500).lose(100).source = endpoint("192.0.2.7:4002");
  talk.destination = endpoint("198.51.100.9:6000");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
192.0.2.7:4002 -> 198.51.100.9:6000: streams 1, talkers 1, drop-outs pass
)");
}

TEST(MovedMedia, TheLegsOfARelayAreSideBySide) {
  Talk talk;
  talk.send_twice(endpoint("192.0.2.1:4002"), endpoint("198.51.100.2:7000"), 1500);
  EXPECT_EQ(joined(talk), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
192.0.2.1:4002 -> 198.51.100.2:7000: streams 1, talkers 1, drop-outs pass
)");
}

/// One begins in a pause of the other, and runs on beside it.
TEST(MovedMedia, WhatBeginsInAPauseMayBeACopy) {
  Talk talk;
  const net::Endpoint phone = talk.source;
  talk.send(100).pause(seconds(3));
  talk.send_twice(endpoint("203.0.113.1:4000"), talk.destination, 1500);
  EXPECT_EQ(talk.source, phone);
  EXPECT_EQ(joined(talk), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
  S 2005+3000 missing 0 in 0
203.0.113.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
)");
}

/// A phone that keeps its SSRC and clock, and calls again a minute later.
TEST(MovedMedia, TheNextCallOfAPhone) {
  Talk talk;
  talk.send(1500).lose(500).destination = endpoint("198.51.100.2:6002");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
192.0.2.1:4000 -> 198.51.100.2:6002: streams 1, talkers 1, drop-outs pass
)");
}

/// One announcement to two groups, one after the other.
TEST(MovedMedia, AnotherGroupIsAnotherListener) {
  Talk talk;
  talk.destination = endpoint("239.0.0.1:6000");
  talk.send(1500).destination = endpoint("239.0.0.2:6000");
  EXPECT_EQ(joined(talk.send(1500)), R"(
192.0.2.1:4000 -> 239.0.0.1:6000: streams 1, talkers 1, drop-outs pass
192.0.2.1:4000 -> 239.0.0.2:6000: streams 1, talkers 1, drop-outs pass
)");
}

/// Before and behind a NAT: only what comes out of it changes.
TEST(MovedMedia, TwoPlacesOfACapture) {
  Talk talk;
  const net::Endpoint platform = talk.destination;
  talk.send_twice(endpoint("203.0.113.1:4000"), platform, 1500, milliseconds(1)).send(100);
  talk.send_twice(endpoint("203.0.113.1:4002"), platform, 1500, milliseconds(1));
  EXPECT_EQ(joined(talk), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 1, talkers 1, drop-outs pass
203.0.113.1:4000 -> 198.51.100.2:6000: streams 2, talkers 1, drop-outs fail
  X 3.001e+04+2000 missing 100 in 1, then from 203.0.113.1:4002
)");
}

TEST(MovedMedia, TheOtherDirectionHasTheSameEnds) {
  Talk talk;
  talk.send(1500).lose(100).source = endpoint("192.0.2.1:4002");
  talk.send(1500);
  Talk back;
  back.ssrc = 0xbeef;
  back.source = talk.destination;
  back.destination = talk.source;
  back.clock = seconds(32);
  back.send(1500);
  Flows flows;
  add(flows, talk);
  add(flows, back);
  EXPECT_EQ(joined(std::move(flows)), R"(
192.0.2.1:4000 -> 198.51.100.2:6000: streams 2, talkers 1, drop-outs fail
  X 3e+04+2000 missing 100 in 1, then from 192.0.2.1:4002
198.51.100.2:6000 -> 192.0.2.1:4000: streams 1, talkers 1, drop-outs pass
)");
}

/// Nobody can have all streams compared with all by giving them one SSRC.
TEST(MovedMedia, ManyPorts) {
  constexpr std::uint16_t kPorts = 5'000;
  Flows flows;
  Flows same;
  Talk talk;
  for (std::uint16_t i = 0; i < kPorts; ++i) {
    Talk one;
    one.source.port = static_cast<std::uint16_t>(1024 + i);
    one.clock = milliseconds(i);
    add(same, one.send(3));
    talk.flow = {};
    talk.source = one.source;
    add(flows, talk.send(3));
  }
  join_moved(flows);
  EXPECT_EQ(flows.size(), kPorts / rtp::Flow::kMostStreams + 1);
  join_moved(same);
  EXPECT_EQ(same.size(), kPorts);
}

}  // namespace
}  // namespace viaduct::app::analyze
