// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/media_table.hpp"

#include "call/messages_test.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace viaduct::app::analyze {
namespace {

using call::endpoint;

/// A table that is told in few words what passes.
struct Table {
  call::Heard heard;
  MediaTable media{heard.signalling, 0};
  std::uint64_t frames = 0;
  std::uint32_t interface = 0;

  void packet(double seconds, const net::Endpoint& source, const net::Endpoint& destination, std::uint32_t ssrc,
              std::uint16_t sequence) {
    std::string octets = {'\x80', 8};
    const auto put = [&octets](std::uint32_t value, unsigned width) {
      while (width > 0) octets += static_cast<char>(value >> 8U * --width & 0xffU);
    };
    put(sequence, 2);
    put(160U * sequence, 4);
    put(ssrc, 4);
    octets.append(160, '\xd5');
    capture::Arrival arrival;
    arrival.octets = octets;
    arrival.length = static_cast<std::uint32_t>(octets.size());
    arrival.source = source;
    arrival.destination = destination;
    arrival.time = call::at(seconds);
    arrival.interface = interface;
    call::FrameRef frame;
    frame.number = ++frames & 0xffffffffffffU;
    media.add(arrival, frame);
  }
};

std::size_t streams_of(const std::vector<std::unique_ptr<MediaFlow>>& flows) {
  std::size_t sum = 0;
  for (const std::unique_ptr<MediaFlow>& flow : flows) sum += flow->flow.streams().size();
  return sum;
}

TEST(MediaTable, GivesAwayWhatIsSilentInBothDirections) {
  Table table;
  const net::Endpoint a = endpoint(10, 4000);
  const net::Endpoint b = endpoint(20, 4000);
  for (std::uint16_t i = 0; i < 500; ++i) {
    if (i < 100) table.packet(1 + 0.02 * i, a, b, 1, i);
    table.packet(1 + 0.02 * i, b, a, 2, i);
    if (i < 100) table.packet(1 + 0.02 * i, endpoint(30, 4000), b, 3, i);
  }
  EXPECT_TRUE(table.media.take_idle(call::at(2)).empty());
  EXPECT_EQ(table.media.take_idle(call::at(5)).size(), 1U) << "the third one; the first is answered still";
  EXPECT_EQ(table.media.take_idle(call::at(12)).size(), 2U);
  EXPECT_TRUE(table.media.take_rest().empty());
}

TEST(MediaTable, KeepsWhatWentOnFromAnotherPort) {
  Table table;
  const net::Endpoint b = endpoint(20, 4000);
  for (std::uint16_t i = 0; i < 600; ++i)
    table.packet(1 + 0.02 * i, endpoint(10, static_cast<std::uint16_t>(4000 + i / 300)), b, 1, i);
  EXPECT_TRUE(table.media.take_idle(call::at(10)).empty());
  EXPECT_EQ(table.media.take_idle(call::at(20)).size(), 2U);
}

TEST(MediaTable, HasALimitOfStreamsInAll) {
  constexpr std::uint32_t kPairs = 2048;
  constexpr std::uint32_t kOfPair = 40;
  static_assert(kPairs * kOfPair > MediaTable::kMaxStreams);
  Table table;
  for (std::uint32_t pair = 0; pair < kPairs; ++pair)
    for (std::uint32_t ssrc = 1; ssrc <= kOfPair; ++ssrc)
      for (std::uint16_t sequence = 1; sequence <= 2; ++sequence)
        table.packet(1, endpoint(10, 4000), {endpoint(20, 0).address, static_cast<std::uint16_t>(pair + 1)}, ssrc,
                     sequence);
  EXPECT_EQ(table.media.not_followed(), 2 * (kPairs * kOfPair - MediaTable::kMaxStreams));
  EXPECT_EQ(streams_of(table.media.take_rest()), MediaTable::kMaxStreams);
}

TEST(MediaTable, WhatIsRtpByChanceGivesWayToStreams) {
  Table table;
  for (std::uint32_t chance = 0; chance < MediaTable::kMaxStreams; ++chance)
    table.packet(1, endpoint(10, 4000), {endpoint(20, 0).address, static_cast<std::uint16_t>(chance / 64 + 1)}, chance,
                 1);
  for (std::uint16_t sequence = 1; sequence <= 10; ++sequence)
    table.packet(2, endpoint(11, 4000), endpoint(21, 6000), 1, sequence);
  EXPECT_EQ(table.media.not_followed(), 0);
  EXPECT_EQ(streams_of(table.media.take_rest()), 1);
}

/// "source -> destination [of a call]: packets of each stream" of all flows.
std::string told(MediaTable& media) {
  std::string text = "\n";
  for (const std::unique_ptr<MediaFlow>& flow : media.take_rest()) {
    text += flow->ends.source.to_text() + " -> " + flow->ends.destination.to_text() + (flow->key ? " of a call:" : ":");
    for (const rtp::Stream& stream : flow->flow.streams())
      text += " " + std::to_string(stream.ssrc()) + "x" + std::to_string(stream.packets());
    text += "\n";
  }
  return text;
}

/// More pairs than the short cut by a cheap hash has places, and each of them twice: what is forgotten begins anew.
TEST(MediaTable, TellsManyPairsApart) {
  constexpr std::uint16_t kPairs = 5000;
  Table table;
  for (const double begin : {1.0, 10.0}) {
    for (std::uint16_t i = 1; i <= 4; ++i)
      for (std::uint16_t pair = 1; pair <= kPairs; ++pair)
        table.packet(begin + 0.02 * i, endpoint(10, pair), endpoint(20, 5000), pair, i);
    const std::vector<std::unique_ptr<MediaFlow>> flows = table.media.take_idle(call::at(begin + 5));
    EXPECT_EQ(flows.size(), kPairs);
    for (const std::unique_ptr<MediaFlow>& flow : flows) {
      ASSERT_EQ(flow->flow.streams().size(), 1U);
      const rtp::Stream& stream = flow->flow.streams().front();
      EXPECT_EQ(stream.packets(), 4U);
      EXPECT_EQ(stream.source(), endpoint(10, static_cast<std::uint16_t>(stream.ssrc())));
    }
  }
}

TEST(MediaTable, EarlyMediaBelongsToTheCallThatNamesItsDestinationLater) {
  Table table;
  const net::Endpoint phone = endpoint(10, 6000);
  const net::Endpoint gateway = endpoint(20, 5000);
  const net::Endpoint other = endpoint(21, 5100);
  table.heard.add(1, call::text_of({.media = 6000, .host = 10}));
  std::uint16_t sequence = 0;
  for (; sequence < 50; ++sequence) {
    table.packet(2 + 0.02 * sequence, phone, gateway, 1, sequence);
    table.packet(2 + 0.02 * sequence, other, gateway, 2, sequence);
  }
  table.heard.add(5, call::text_of({.start = "SIP/2.0 200 OK", .to_tag = "b1", .media = 5000, .host = 20}), false);
  table.packet(5.1, other, gateway, 2, sequence);
  table.packet(5.2, phone, gateway, 1, sequence);
  EXPECT_EQ(told(table.media), R"(
192.0.2.21:5100 -> 192.0.2.20:5000 of a call: 2x51 1x51
)") << "it was: 1x50 of no call";
}

TEST(MediaTable, CallsThatReceiveAtOneEndpointAreToldBySource) {
  Table table;
  const net::Endpoint platform = endpoint(20, 5000);
  table.heard.set_up(1, "c1", 6000, 5000);
  table.heard.set_up(2, "c2", 6100, 5000);
  for (std::uint16_t sequence = 0; sequence < 50; ++sequence) {
    const double at = 3 + 0.02 * sequence;
    table.packet(at, endpoint(10, 6000), platform, 1, sequence);
    table.packet(at, platform, endpoint(10, 6000), 2, sequence);
    table.packet(at, endpoint(10, 6100), platform, 3, sequence);
    table.packet(at, platform, endpoint(10, 6100), 4, sequence);
  }
  EXPECT_EQ(told(table.media), R"(
192.0.2.20:5000 -> 192.0.2.10:6000 of a call: 2x50
192.0.2.10:6000 -> 192.0.2.20:5000 of a call: 1x50
192.0.2.20:5000 -> 192.0.2.10:6100 of a call: 4x50
192.0.2.10:6100 -> 192.0.2.20:5000 of a call: 3x50
)");
}

TEST(MediaTable, MediaThatEndedBeforeTheCallBeganIsNotOfIt) {
  Table table;
  const net::Endpoint phone = endpoint(10, 6000);
  const net::Endpoint gateway = endpoint(20, 5000);
  for (std::uint16_t sequence = 0; sequence < 50; ++sequence)
    table.packet(1 + 0.02 * sequence, phone, gateway, 1, sequence);
  table.heard.set_up(20, "c1", 6000, 5000);
  for (std::uint16_t sequence = 0; sequence < 50; ++sequence)
    table.packet(21 + 0.02 * sequence, phone, gateway, 2, sequence);
  EXPECT_EQ(told(table.media), R"(
192.0.2.10:6000 -> 192.0.2.20:5000 of a call: 2x50
192.0.2.10:6000 -> 192.0.2.20:5000: 1x50
)");
}

/// The phone is behind a NAT that keeps its port, and the platform sends first to where media came from before.
TEST(MediaTable, CallsOneAfterAnotherAtTheSameEndpointsAreTwo) {
  Table table;
  const net::Endpoint mapped = endpoint(40, 42000);
  const net::Endpoint platform = endpoint(20, 5000);
  std::uint32_t ssrc = 0;
  for (const auto& [begin, id] : {std::pair(1.0, "c1"), std::pair(36.0, "c2")}) {
    table.heard.add(begin, call::text_of({.call_id = id, .media = 6000, .host = 10}));
    for (std::uint16_t i = 0; i < 50; ++i) table.packet(begin + 1 + 0.02 * i, platform, mapped, ssrc + 1, i);
    table.heard.add(
        begin + 2, call::text_of({.start = "SIP/2.0 200 OK", .call_id = id, .to_tag = "b1", .media = 5000, .host = 20}),
        false);
    for (std::uint16_t i = 0; i < 50; ++i) {
      table.packet(begin + 2.1 + 0.02 * i, platform, mapped, ssrc + 1, static_cast<std::uint16_t>(50 + i));
      table.packet(begin + 2.2 + 0.02 * i, mapped, platform, ssrc + 2, i);
    }
    table.heard.hang_up(begin + 30, id);
    ssrc += 2;
  }
  EXPECT_EQ(told(table.media), R"(
192.0.2.20:5000 -> 192.0.2.40:42000 of a call: 1x100
192.0.2.40:42000 -> 192.0.2.20:5000 of a call: 2x50
192.0.2.20:5000 -> 192.0.2.40:42000 of a call: 3x100
192.0.2.40:42000 -> 192.0.2.20:5000 of a call: 4x50
)");
}

/// A PBX in a cloud: its SDP has an address that no packet has here, and it sends where nothing came from yet.
TEST(MediaTable, AHostBehindOneToOneNat) {
  Table table;
  const auto from = [](unsigned host, std::uint16_t port) {
    return *net::parse_endpoint("172.31.5." + std::to_string(host) + ":" + std::to_string(port));
  };
  const auto message = [&](double seconds, const std::string& text, bool forth) {
    call::Sighting seen;
    seen.octets = text;
    seen.length = static_cast<std::uint32_t>(text.size());
    seen.time = call::at(seconds);
    seen.source = forth ? endpoint(10, 5060) : from(5, 5060);
    seen.destination = forth ? from(5, 5060) : endpoint(10, 5060);
    table.heard.signalling.add(seen);
  };
  message(1, call::text_of({.media = 6000, .host = 10}), true);
  std::string answer = call::text_of({.start = "SIP/2.0 200 OK", .to_tag = "b1", .media = 5000, .host = 20});
  answer.replace(answer.find("c=IN IP4 192.0.2.20"), 19, "c=IN IP4 62.109.1.6");
  message(2, answer, false);
  for (std::uint16_t i = 0; i < 50; ++i) {
    table.packet(3 + 0.02 * i, from(5, 5000), endpoint(40, 42000), 1, i);
    table.packet(5 + 0.02 * i, endpoint(40, 42001), from(5, 5000), 2, i);
  }
  EXPECT_EQ(told(table.media), R"(
172.31.5.5:5000 -> 192.0.2.40:42000 of a call: 1x50
192.0.2.40:42001 -> 172.31.5.5:5000 of a call: 2x50
)");
}

TEST(MediaTable, AFlowWhosePairWentToACallKeepsItsEnds) {
  Table table;
  const net::Endpoint early = endpoint(30, 4000);
  const net::Endpoint named = endpoint(10, 6000);
  table.packet(1, early, named, 1, 1);
  table.heard.add(18, call::text_of({.media = 6000}));
  table.packet(19, endpoint(31, 4000), named, 2, 1);
  table.packet(20, early, named, 1, 2);
  EXPECT_EQ(told(table.media), R"(
192.0.2.31:4000 -> 192.0.2.10:6000 of a call: 2x1 1x1
192.0.2.30:4000 -> 192.0.2.10:6000: 1x1
)");
}

/// Before, each packet that comes 150 ms after the last one had all flows walked through: this took minutes.
TEST(MediaTable, HolesDoNotMultiplyByFlows) {
  Table table;
  for (std::uint16_t pair = 1; pair <= 30'000; ++pair)
    for (std::uint16_t sequence = 1; sequence <= 2; ++sequence)
      table.packet(1, endpoint(10, 4000), {endpoint(20, 0).address, pair}, 1, sequence);
  for (std::uint32_t i = 1; i < 100'000; ++i)
    table.packet(2 + 0.2 * i, endpoint(10, 4000), {endpoint(20, 0).address, 1}, 1, static_cast<std::uint16_t>(10 * i));
  EXPECT_EQ(table.media.not_followed(), 0);
}

/// Two parties who talk from 1 s to 11 s; nothing of them comes between two times.
struct Talks {
  unsigned a = 0, b = 0;
  std::uint32_t ssrc = 0;
  double from = 0, until = 0;
  std::uint32_t interface = 0;
};
/// "H 5.0+1.5" for what unrelated conversations miss, "W ..." for what another flow came through: what the first one
/// of `all` is told.
std::string witnessed(const std::vector<Talks>& all) {
  Table table;
  for (std::uint16_t i = 0; i < 500; ++i) {
    const double now = 1 + 0.02 * i;
    for (const Talks& talks : all) {
      if (now >= talks.from && now < talks.until) continue;
      table.interface = talks.interface;
      table.packet(now, endpoint(talks.a, 4000), endpoint(talks.b, 4000), talks.ssrc, i);
      table.packet(now, endpoint(talks.b, 4000), endpoint(talks.a, 4000), talks.ssrc + 1, i);
    }
  }
  const CaptureWitness witness = table.media.witness();
  const std::vector<std::unique_ptr<MediaFlow>> flows = table.media.take_rest();
  std::vector<const rtp::Stream*> own;
  for (const std::unique_ptr<MediaFlow>& flow : flows)
    for (const rtp::Stream& stream : flow->flow.streams())
      if (stream.ssrc() / 10 == all.front().ssrc / 10) own.push_back(&stream);
  std::string text;
  for (const rtp::Mark& mark : witness.marks(own)) {
    char line[64];
    std::snprintf(line, sizeof line, "%c %.1f+%.1f\n", mark.kind == rtp::MarkKind::capture_hole ? 'H' : 'W',
                  rtp::seconds(mark.at.time_since_epoch()), rtp::seconds(mark.length));
    text += line;
  }
  return text;
}

TEST(CaptureWitness, SaysNothingOfOneConversationAlone) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}}), "");
}

TEST(CaptureWitness, OfAnotherFlowThatCameThrough) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 20, 20, 0, 0}}), "W 5.0+1.5\n");
}

TEST(CaptureWitness, OfUnrelatedConversationsThatMissTheSame) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 21, 20, 5, 6.5}}), "H 5.0+1.5\n");
}

/// A relay has nothing to hand on to anybody while its link is away, and what it hands on keeps its numbers.
TEST(CaptureWitness, SaysNothingOfConversationsThatShareAHostOrTheirPackets) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 20, 20, 5, 6.5}}), "");
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 21, 10, 5, 6.5}}), "");
}

/// What captured the one side of a router missed them: the same packets are there on its other side.
TEST(CaptureWitness, SaysNothingOfTheSamePacketsAtAnotherPlace) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 21, 10, 0, 0}}), "");
}

/// One of them may have missed packets, and the other one not.
TEST(CaptureWitness, SaysNothingOfFlowsOfAnotherInterface) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 20, 20, 0, 0, 1}}), "");
}

TEST(CaptureWitness, DoesNotTakeWhatBrokeOffOrBeganMeanwhileForWhole) {
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 20, 20, 5.5, 99}}), "");
  EXPECT_EQ(witnessed({{10, 20, 10, 5, 6.5}, {11, 20, 20, 0, 5.5}}), "");
}

}  // namespace
}  // namespace viaduct::app::analyze
