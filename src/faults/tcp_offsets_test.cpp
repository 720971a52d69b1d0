// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/tcp_offsets.hpp"

#include "support/nat_box.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

namespace viaduct::faults {
namespace {

using support::ep;

const Flow kFlow{Protocol::tcp, ep("192.168.1.10:5060"), ep("203.0.113.1:5060"), ep("198.51.100.5:5060")};

struct Numbers {
  std::uint32_t sequence;
  std::uint32_t acknowledgement;
  friend bool operator==(const Numbers&, const Numbers&) = default;
  friend std::ostream& operator<<(std::ostream& to, const Numbers& n) {
    return to << n.sequence << "/" << n.acknowledgement;
  }
};

Numbers shifted(TcpOffsets& offsets, Side from, Numbers numbers, std::uint8_t flags = TcpFlags::kAck) {
  base::Result<Packet, PacketProblem> packet =
      Packet::parse(support::tcp(kFlow.inner, kFlow.remote, numbers.sequence, numbers.acknowledgement, flags, "x"));
  offsets.shift(kFlow, from, *packet);
  EXPECT_TRUE(support::checksums_are_right(packet->octets()));
  return {packet->tcp_sequence(), packet->tcp_acknowledgement()};
}

TEST(TcpOffsets, LaterOctetsAndTheirAcknowledgementsMove) {
  TcpOffsets offsets;
  EXPECT_EQ(shifted(offsets, Side::inside, {1000, 1}), (Numbers{1000, 1}));
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  EXPECT_EQ(shifted(offsets, Side::inside, {1000, 1}), (Numbers{1000, 1})) << "the segment itself, sent again";
  EXPECT_EQ(shifted(offsets, Side::inside, {1100, 1}), (Numbers{1107, 1}));
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 1000}), (Numbers{1, 1000}));
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 1107}), (Numbers{1, 1100}));
}

TEST(TcpOffsets, AnAcknowledgementBetweenTwoChangesKnowsOnlyTheFirst) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  offsets.changed(kFlow, Side::inside, {1100, 50, 20});
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 1107}), (Numbers{1, 1100}));
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 1227}), (Numbers{1, 1200}));
}

TEST(TcpOffsets, BothDirectionsAtOnce) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  offsets.changed(kFlow, Side::outside, {5000, 50, -3});
  EXPECT_EQ(shifted(offsets, Side::inside, {1100, 5047}), (Numbers{1107, 5050}));
  EXPECT_EQ(shifted(offsets, Side::outside, {5050, 1107}), (Numbers{5047, 1100}));
}

TEST(TcpOffsets, AChangeThatIsMadeAgainCountsOnce) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  EXPECT_EQ(shifted(offsets, Side::inside, {1100, 1}), (Numbers{1107, 1}));
}

TEST(TcpOffsets, WrapsAround) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {0xffffff00U, 50, 0x10});
  offsets.changed(kFlow, Side::inside, {0xfffffff8U, 8, -4});
  EXPECT_EQ(shifted(offsets, Side::inside, {0xfffffff8U, 1}), (Numbers{8, 1}));
  EXPECT_EQ(shifted(offsets, Side::inside, {0x20, 1}), (Numbers{0x2c, 1}));
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 0x2c}), (Numbers{1, 0x20}));
}

TEST(TcpOffsets, AnotherConnectionCountsAnew) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  EXPECT_EQ(shifted(offsets, Side::inside, {70000, 0}, TcpFlags::kSyn), (Numbers{70000, 0}));
  EXPECT_EQ(shifted(offsets, Side::inside, {70001, 1}), (Numbers{70001, 1}));
}

TEST(TcpOffsets, OldChangesAreAddedUp) {
  TcpOffsets offsets;
  for (std::uint32_t i = 0; i < 3 * TcpOffsets::kMaxChanges; ++i)
    offsets.changed(kFlow, Side::inside, {1000 + i * 100, 50, 2});
  const std::uint32_t end = 1000 + 3 * TcpOffsets::kMaxChanges * 100;
  EXPECT_EQ(shifted(offsets, Side::inside, {end, 1}), (Numbers{end + 6 * TcpOffsets::kMaxChanges, 1}));
  EXPECT_EQ(shifted(offsets, Side::outside, {1, end + 6 * TcpOffsets::kMaxChanges}), (Numbers{1, end}));
}

// Two messages in two segments, then both in one, and each alone again: nothing counts twice.
TEST(TcpOffsets, AResendThatIsCutOtherwiseReplacesWhatItCovers) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 100, 7});
  offsets.changed(kFlow, Side::inside, {1100, 100, 20});
  offsets.changed(kFlow, Side::inside, {996, 104, 7});
  offsets.changed(kFlow, Side::inside, {1100, 100, 0});
  EXPECT_EQ(shifted(offsets, Side::inside, {1200, 1}), (Numbers{1207, 1}));
  offsets.changed(kFlow, Side::inside, {1100, 100, 20});
  offsets.changed(kFlow, Side::inside, {1000, 200, 30});
  EXPECT_EQ(shifted(offsets, Side::inside, {1200, 1}), (Numbers{1230, 1}));
}

TEST(TcpOffsets, ThePartOfAChangeThatArrivedIsNotAcknowledged) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 100, -50});
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 1049}), (Numbers{1, 1000}));
  EXPECT_EQ(shifted(offsets, Side::outside, {1, 1050}), (Numbers{1, 1100}));
}

TEST(TcpOffsets, WhatIsTooOldIsNotCountedAgain) {
  TcpOffsets offsets;
  for (std::uint32_t i = 0; i <= TcpOffsets::kMaxChanges; ++i)
    offsets.changed(kFlow, Side::inside, {1000 + i * 100, 50, 2});
  offsets.changed(kFlow, Side::inside, {1000, 50, 2});
  const std::uint32_t end = 1000 + TcpOffsets::kMaxChanges * 100 + 100;
  EXPECT_EQ(shifted(offsets, Side::inside, {end, 1}), (Numbers{end + 2 * (TcpOffsets::kMaxChanges + 1), 1}));
}

/// The whole segment that acknowledges octets of the inside, as it leaves.
std::string acknowledged(TcpOffsets& offsets, std::uint32_t acknowledgement, base::Bytes options) {
  base::Result<Packet, PacketProblem> packet = Packet::parse(
      support::tcp(kFlow.remote, kFlow.outer, 1, acknowledgement, TcpFlags::kAck, "payload", {}, options));
  offsets.shift(kFlow, Side::outside, *packet);
  return std::string(packet->octets());
}

std::string expected(std::uint32_t acknowledgement, base::Bytes options) {
  return support::tcp(kFlow.remote, kFlow.outer, 1, acknowledgement, TcpFlags::kAck, "payload", {}, options);
}

TEST(TcpOffsets, SelectiveAcknowledgementsMoveToo) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  offsets.changed(kFlow, Side::inside, {1100, 50, -20});
  EXPECT_EQ(acknowledged(offsets, 1057, support::sack({{1107, 1137}, {1200, 1300}})),
            expected(1050, support::sack({{1100, 1150}, {1213, 1313}})));
  EXPECT_EQ(acknowledged(offsets, 900, support::sack({{950, 1057}})), expected(900, support::sack({{950, 1050}})));
}

TEST(TcpOffsets, ABlockThatEndsInTheMiddleOfAChangeEndsBeforeIt) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  EXPECT_EQ(acknowledged(offsets, 900, support::sack({{950, 1030}, {1030, 1200}})),
            expected(900, support::sack({{950, 1000}, {1050, 1193}})));
}

TEST(TcpOffsets, ABlockOfAPartOfAChangeGoes) {
  using namespace std::string_literals;
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  const std::string nops8(8, '\1');
  EXPECT_EQ(acknowledged(offsets, 900, support::sack({{1010, 1020}, {1100, 1200}})),
            expected(900, support::sack({{1093, 1193}}) + nops8));
  EXPECT_EQ(acknowledged(offsets, 900, support::sack({{1010, 1020}})), expected(900, "\1\1\1\1" + nops8));
}

TEST(TcpOffsets, BlocksWrapAround) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {0xfffffff0U, 8, 0x10});
  EXPECT_EQ(acknowledged(offsets, 0xfffffff0U, support::sack({{0x20, 0x40}})),
            expected(0xfffffff0U, support::sack({{0x10, 0x30}})));
}

// Timestamps in front, and what is no option of RFC 2018 although it says so.
TEST(TcpOffsets, OtherOptionsAndDamagedOnesStay) {
  using namespace std::string_literals;
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  const std::string times = "\1\1\x08\x0a"s + support::be32(7) + support::be32(9);
  EXPECT_EQ(acknowledged(offsets, 1057, times + support::sack({{1107, 1157}})),
            expected(1050, times + support::sack({{1100, 1150}})));
  const std::string block = support::be32(1107) + support::be32(1157);
  for (const std::string& options : {"\1\1\5\x12"s + block, "\1\1\5\x0b"s + block, "\5\2\1\1"s, "\0\1\5\x0a"s + block,
                                     "\1\1\1\5"s, "\5\0\1\1"s, "\1\1\x0f\1\5\x0a"s + block + "\1\1"})
    EXPECT_EQ(acknowledged(offsets, 1057, options), expected(1050, options));
}

TEST(TcpOffsets, AResetEndsTheConnection) {
  TcpOffsets offsets;
  offsets.changed(kFlow, Side::inside, {1000, 50, 7});
  EXPECT_EQ(shifted(offsets, Side::inside, {1100, 1}, TcpFlags::kRst), (Numbers{1107, 1}));
  EXPECT_EQ(offsets.size(), 0U);
}

Flow flow(std::uint32_t i) {
  Flow other = kFlow;
  other.inner.address = net::Address::ipv4(0x0a000000U + i);
  return other;
}

// The last acknowledgement of a connection is shifted too; what both sides ended goes first all the same.
TEST(TcpOffsets, WhenFullTheEndedGoThenTheLeastRecentlyUsed) {
  TcpOffsets offsets;
  for (std::uint32_t i = 0; i < TcpOffsets::kMaxConnections; ++i) offsets.changed(flow(i), Side::inside, {1000, 50, 7});
  const auto touch = [&](std::uint32_t i, Side from, std::uint8_t flags) {
    const Flow of = flow(i);
    base::Result<Packet, PacketProblem> packet =
        Packet::parse(support::tcp(of.inner, of.remote, 1100, 1107, flags, ""));
    offsets.shift(of, from, *packet);
    return Numbers{packet->tcp_sequence(), packet->tcp_acknowledgement()};
  };
  EXPECT_EQ(touch(0, Side::inside, TcpFlags::kAck), (Numbers{1107, 1107}));
  EXPECT_EQ(touch(5, Side::inside, TcpFlags::kFin | TcpFlags::kAck), (Numbers{1107, 1107}));
  EXPECT_EQ(touch(5, Side::outside, TcpFlags::kFin | TcpFlags::kAck), (Numbers{1100, 1100}));
  EXPECT_EQ(touch(5, Side::inside, TcpFlags::kAck), (Numbers{1107, 1107}));
  offsets.changed(flow(5000), Side::inside, {1000, 50, 7});
  EXPECT_EQ(offsets.size(), TcpOffsets::kMaxConnections);
  EXPECT_EQ(touch(5, Side::inside, TcpFlags::kAck), (Numbers{1100, 1107})) << "ended";
  offsets.changed(flow(5001), Side::inside, {1000, 50, 7});
  EXPECT_EQ(touch(1, Side::inside, TcpFlags::kAck), (Numbers{1100, 1107})) << "idle for longest";
  EXPECT_EQ(touch(0, Side::inside, TcpFlags::kAck), (Numbers{1107, 1107}));
}

/// Makes messages longer or shorter in both directions, as their Subject says.
class Resizer final : public Behaviour {
 public:
  void on_message(Crossing& crossing) override {
    std::string octets(crossing.octets());
    if (const std::size_t grow = octets.find("grow"); grow != std::string::npos)
      octets.replace(grow, 4, "grown by some octets");
    if (const std::size_t shrink = octets.find("shrink"); shrink != std::string::npos) octets.erase(shrink, 6);
    crossing.replace(std::move(octets));
  }
};

std::string resized(std::string octets) {
  if (const std::size_t grow = octets.find("grow"); grow != std::string::npos)
    octets.replace(grow, 4, "grown by some octets");
  if (const std::size_t shrink = octets.find("shrink"); shrink != std::string::npos) octets.erase(shrink, 6);
  return octets;
}

/// One end of a connection: sends segments until they are acknowledged, takes what comes in order.
class End {
 public:
  End(net::Endpoint own, net::Endpoint peer, std::uint32_t first, std::vector<std::string> segments)
      : own_(own), peer_(peer), next_(first), segments_(std::move(segments)) {
    for (const std::string& segment : segments_) {
      starts_.push_back(next_);
      next_ += static_cast<std::uint32_t>(segment.size());
    }
  }
  void expect(std::uint32_t first) { wanted_ = first; }
  [[nodiscard]] bool done() const { return acknowledged_ == segments_.size(); }
  [[nodiscard]] const std::string& received() const { return received_; }

  /// The oldest segment that is not acknowledged or the one behind it, `count` of them in one, or nothing but an
  /// acknowledgement.
  [[nodiscard]] std::string packet(std::size_t ahead, std::size_t count) const {
    const std::size_t at = acknowledged_ + ahead;
    const bool any = at < segments_.size();
    std::string octets;
    for (std::size_t i = at; i < std::min(at + count, segments_.size()); ++i) octets += segments_[i];
    return support::tcp(own_, peer_, any ? starts_[at] : next_, wanted_, any ? 24 : 16, octets);
  }
  void take(base::Bytes octets) {
    const base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
    ASSERT_TRUE(packet.has_value());
    ASSERT_TRUE(support::checksums_are_right(octets));
    if (packet->tcp_sequence() == wanted_) {
      received_ += packet->payload();
      wanted_ += static_cast<std::uint32_t>(packet->payload().size());
    }
    const std::uint32_t acknowledged = packet->tcp_acknowledgement();
    ASSERT_LE(static_cast<std::int32_t>(acknowledged - next_), 0) << "more than was sent";
    while (!done() && static_cast<std::int32_t>(end_of(acknowledged_) - acknowledged) <= 0) ++acknowledged_;
  }

 private:
  [[nodiscard]] std::uint32_t end_of(std::size_t i) const {
    return starts_[i] + static_cast<std::uint32_t>(segments_[i].size());
  }

  net::Endpoint own_;
  net::Endpoint peer_;
  std::uint32_t next_;
  std::uint32_t wanted_ = 0;
  std::vector<std::string> segments_;
  std::vector<std::uint32_t> starts_;
  std::size_t acknowledged_ = 0;
  std::string received_;
};

/// Whole messages; one in five is cut into two segments, and then passes as it is.
struct Stream {
  std::vector<std::string> segments;
  std::string expected;
};

Stream any_stream(std::mt19937& random) {
  Stream stream;
  for (int i = 0; i < 60; ++i) {
    const std::string subjects[] = {"grow", "shrink", "stay"};
    const std::string message = "OPTIONS sip:example.com SIP/2.0\r\nSubject: " + subjects[random() % 3] +
                                "\r\nCSeq: " + std::to_string(i) + " OPTIONS\r\nContent-Length: 0\r\n\r\n";
    if (random() % 5 == 0) {
      stream.segments.push_back(message.substr(0, 40));
      stream.segments.push_back(message.substr(40));
      stream.expected += message;
    } else {
      stream.segments.push_back(message);
      stream.expected += resized(message);
    }
  }
  return stream;
}

// Both ends receive what was meant, and know it.
RC_GTEST_PROP(TcpStream, StaysInStepWhateverIsLost, ()) {
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  const std::uint32_t first = *rc::gen::element(1U, 0xffffe000U, 0x7fffe000U);
  BoxSettings settings = support::box_settings();
  settings.reads_tcp = true;
  std::vector<std::unique_ptr<Behaviour>> behaviours;
  behaviours.push_back(std::make_unique<Resizer>());
  Box box(settings, std::move(behaviours));
  const Stream up = any_stream(random);
  const Stream down = any_stream(random);
  End client(kFlow.inner, kFlow.remote, first, up.segments);
  End server(kFlow.remote, kFlow.outer, first + 77, down.segments);
  client.expect(first + 77);
  server.expect(first);
  const auto lost = [&random] { return random() % 4 == 0; };
  for (int round = 0; round < 5000 && !(client.done() && server.done()); ++round) {
    const bool outbound = round % 2 == 0;
    End& sender = outbound ? client : server;
    End& receiver = outbound ? server : client;
    if (lost()) continue;
    for (const Departure& departure :
         support::pass(box, outbound ? Side::inside : Side::outside, sender.packet(random() % 2, 1)))
      if (!lost()) receiver.take(departure.octets);
  }
  RC_ASSERT(client.done() && server.done());
  RC_ASSERT(server.received() == up.expected);
  RC_ASSERT(client.received() == down.expected);
}

// Segments that were lost are sent again in one, as hosts do.
TEST(TcpStream, CoalescedResendKeepsItInStep) {
  BoxSettings settings = support::box_settings();
  settings.reads_tcp = true;
  std::vector<std::unique_ptr<Behaviour>> behaviours;
  behaviours.push_back(std::make_unique<Resizer>());
  Box box(settings, std::move(behaviours));
  Stream up;
  for (const std::string subject : {"grow", "shrink", "grow", "stay"}) {
    up.segments.push_back("OPTIONS sip:example.com SIP/2.0\r\nSubject: " + subject + "\r\nContent-Length: 0\r\n\r\n");
    up.expected += resized(up.segments.back());
  }
  End client(kFlow.inner, kFlow.remote, 1000, up.segments);
  End server(kFlow.remote, kFlow.outer, 7000, {});
  client.expect(7000);
  server.expect(1000);
  (void)support::pass(box, Side::inside, client.packet(0, 1));
  (void)support::pass(box, Side::inside, client.packet(1, 1));
  for (const Departure& departure : support::pass(box, Side::inside, client.packet(0, 2)))
    server.take(departure.octets);
  for (const Departure& departure : support::pass(box, Side::outside, server.packet(0, 1)))
    client.take(departure.octets);
  for (const Departure& departure : support::pass(box, Side::inside, client.packet(0, 2)))
    server.take(departure.octets);
  for (const Departure& departure : support::pass(box, Side::outside, server.packet(0, 1)))
    client.take(departure.octets);
  EXPECT_TRUE(client.done());
  EXPECT_EQ(server.received(), up.expected);
}

}  // namespace
}  // namespace viaduct::faults
