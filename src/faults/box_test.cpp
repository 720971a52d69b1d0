// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/box.hpp"

#include "faults/fragments.hpp"
#include "support/nat_box.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace viaduct::faults {
namespace {

using std::chrono::seconds;
using support::ep;
using support::ip;
using support::kStart;
using support::pass;
using support::summary;

const net::Endpoint kPhone = ep("192.168.1.10:4000");
const net::Endpoint kOuter = ep("203.0.113.1:4000");
const net::Endpoint kServer = ep("198.51.100.5:6000");

Box clean_box() {
  return Box(support::box_settings(), {});
}

/// The octets of the only packet that left, empty if none or several did.
std::string only(const std::vector<Departure>& departures, Side to) {
  return departures.size() == 1 && departures[0].to == to ? departures[0].octets : std::string();
}

// Any payload passes identical, over UDP, TCP and ICMP echo, both ways.
RC_GTEST_PROP(CleanBox, ChangesAddressesTtlAndChecksumsAlone, ()) {
  Box box(support::box_settings(), {});
  const std::string payload = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const auto port = *rc::gen::element<std::uint16_t>(4000, 5060);
  const net::Endpoint phone{kPhone.address, port};
  const net::Endpoint outer{kOuter.address, port};
  const auto ttl = *rc::gen::inRange<std::uint8_t>(2, 255);
  const support::IpFields sent{.dscp = *rc::gen::inRange<std::uint8_t>(0, 64), .ttl = ttl};
  support::IpFields left = sent;
  left.ttl = static_cast<std::uint8_t>(ttl - 1);
  const std::uint8_t flags = *rc::gen::element<std::uint8_t>(2, 16, 24, 17, 4);
  const auto number = *rc::gen::arbitrary<std::uint32_t>();
  const std::uint32_t echo = static_cast<std::uint32_t>(port) << 16 | (number & 0xffff);
  const auto both_ways = [&](const std::string& out, const std::string& out_after, const std::string& in,
                             const std::string& in_after) {
    RC_ASSERT(only(pass(box, Side::inside, out), Side::outside) == out_after);
    RC_ASSERT(only(pass(box, Side::outside, in), Side::inside) == in_after);
  };
  both_ways(support::udp(phone, kServer, payload, sent), support::udp(outer, kServer, payload, left),
            support::udp(kServer, outer, payload, sent), support::udp(kServer, phone, payload, left));
  both_ways(support::tcp(phone, kServer, number, ~number, flags, payload, sent),
            support::tcp(outer, kServer, number, ~number, flags, payload, left),
            support::tcp(kServer, outer, ~number, number, flags, payload, sent),
            support::tcp(kServer, phone, ~number, number, flags, payload, left));
  both_ways(support::icmp(phone.address, kServer.address, 8, 0, echo, payload, sent),
            support::icmp(outer.address, kServer.address, 8, 0, echo, payload, left),
            support::icmp(kServer.address, outer.address, 0, 0, echo, payload, sent),
            support::icmp(kServer.address, phone.address, 0, 0, echo, payload, left));
  RC_ASSERT(box.counters().outbound == 3 && box.counters().inbound == 3 && box.counters().changed == 0);
}

TEST(CleanBox, PassesWholeCallsUntouched) {
  const std::string invite =
      "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bK1\r\n"
      "From: <sip:alice@192.168.1.10>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: 1@192.168.1.10\r\n"
      "CSeq: 1 INVITE\r\nContact: <sip:alice@192.168.1.10:5060>\r\nContent-Type: application/sdp\r\n"
      "Content-Length: 93\r\n\r\nv=0\r\no=- 7 1 IN IP4 192.168.1.10\r\ns=-\r\nc=IN IP4 192.168.1.10\r\nt=0 0\r\n"
      "m=audio 4000 RTP/AVP 0\r\n";
  Box box = clean_box();
  const net::Endpoint phone = ep("192.168.1.10:5060");
  const net::Endpoint server = ep("198.51.100.5:5060");
  EXPECT_EQ(only(pass(box, Side::inside, support::udp(phone, server, invite)), Side::outside),
            support::udp(ep("203.0.113.1:5060"), server, invite, {.ttl = 63}));
  EXPECT_EQ(only(pass(box, Side::inside, support::tcp(phone, server, 1, 1, 24, invite)), Side::outside),
            support::tcp(ep("203.0.113.1:5060"), server, 1, 1, 24, invite, {.ttl = 63}));
  EXPECT_EQ(box.counters().messages, 1U) << "TCP is not read";
  EXPECT_EQ(box.counters().changed, 0U);
}

TEST(Box, DamagedMessagesPassDamaged) {
  BoxSettings settings = support::box_settings();
  settings.alg.via = true;
  Box box(settings, {});
  std::string packet = support::udp(ep("192.168.1.10:5060"), ep("198.51.100.5:5060"),
                                    "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.10:5060\r\n\r\n");
  const std::string good = only(pass(box, Side::inside, packet), Side::outside);
  EXPECT_NE(good.find("Via: SIP/2.0/UDP 203.0.113.1"), std::string::npos);
  packet[28] = 'X';
  const std::string damaged = only(pass(box, Side::inside, packet), Side::outside);
  EXPECT_EQ(damaged.substr(28), packet.substr(28));
  EXPECT_FALSE(support::checksums_are_right(damaged));
}

// RFC 5508 REQ-7: an error about a hairpinned packet has both ends translated, and stays inside.
TEST(Box, ErrorsAboutHairpinnedPacketsStayInside) {
  Box box = clean_box();
  const net::Endpoint other = ep("192.168.1.11:4002");
  const net::Endpoint outer_other = ep("203.0.113.1:4002");
  (void)pass(box, Side::inside, support::udp(other, kOuter, "a"));
  const std::string sent = support::udp(kPhone, outer_other, "b");
  const std::string arrived = only(pass(box, Side::inside, sent), Side::inside);
  ASSERT_EQ(arrived, support::udp(kOuter, other, "b", {.ttl = 63}));
  const std::string error =
      only(pass(box, Side::inside, support::icmp(other.address, kOuter.address, 3, 3, 0, arrived)), Side::inside);
  EXPECT_EQ(error, support::icmp(outer_other.address, kPhone.address, 3, 3, 0,
                                 support::udp(kPhone, outer_other, "b", {.ttl = 63}), {.ttl = 63}));
}

// RFC 5508 REQ-5 where each remote end has a mapping of its own.
TEST(Box, ErrorsFromInsideUseTheMappingTowardsTheQuotedRemote) {
  BoxSettings settings = support::box_settings();
  settings.nat.mapping = Dependence::address_and_port;
  settings.nat.ports = PortChoice::sequential;
  Box box(settings, {});
  for (std::uint16_t port = 6000; port < 6008; ++port)
    (void)pass(box, Side::inside, support::udp(kPhone, {kServer.address, port}, "a"));
  for (std::uint16_t i = 0; i < 8; ++i) {
    const net::Endpoint remote{kServer.address, static_cast<std::uint16_t>(6000 + i)};
    const net::Endpoint outer{kOuter.address, static_cast<std::uint16_t>(1024 + 2 * i)};
    const std::string in = only(pass(box, Side::outside, support::udp(remote, outer, "b")), Side::inside);
    const std::string error =
        only(pass(box, Side::inside, support::icmp(kPhone.address, remote.address, 3, 3, 0, in)), Side::outside);
    EXPECT_EQ(error, support::icmp(outer.address, remote.address, 3, 3, 0,
                                   support::udp(remote, outer, "b", {.ttl = 63}), {.ttl = 63}));
  }
}

// RFC 1812 section 4.3.2.7.
TEST(Box, NoErrorsAboutErrorsLaterFragmentsOrNobody) {
  BoxSettings settings = support::box_settings();
  settings.fragments = FragmentRule::drop_later;
  Box box(settings, {});
  const std::string quoted = support::udp(kServer, kPhone, "a");
  EXPECT_EQ(
      summary(pass(box, Side::inside, support::icmp(kPhone.address, kServer.address, 3, 3, 0, quoted, {.ttl = 1}))),
      "");
  EXPECT_EQ(summary(pass(box, Side::inside, support::icmp(kPhone.address, kServer.address, 5, 1, 0, "", {.ttl = 1}))),
            "");
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(ep("224.0.0.1:9"), kServer, "a", {.ttl = 1}))), "");
  const std::vector<std::string> pieces = split(support::udp(kPhone, kServer, std::string(900, 'a'), {.ttl = 1}), 576);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(summary(pass(box, Side::inside, pieces[0])), "inside 192.168.1.1:0 > 192.168.1.10:0");
  EXPECT_EQ(summary(pass(box, Side::inside, pieces[1])), "");
}

TEST(Box, ErrorsAreRateLimited) {
  Box box = clean_box();
  const std::string last = support::udp(kPhone, kServer, "a", {.ttl = 1});
  std::size_t answers = 0;
  for (int i = 0; i < 200; ++i) answers += pass(box, Side::inside, last).size();
  EXPECT_EQ(answers, 50U);
  EXPECT_EQ(pass(box, Side::inside, last, kStart + std::chrono::milliseconds(10)).size(), 1U);
  EXPECT_EQ(pass(box, Side::inside, last, kStart + std::chrono::milliseconds(10)).size(), 0U);
}

std::string whole_of(const std::vector<Departure>& pieces) {
  Fragments fragments;
  std::optional<std::string> whole;
  for (const Departure& piece : pieces) {
    EXPECT_LE(piece.octets.size(), 576U);
    whole = fragments.add(*Packet::parse(piece.octets), kStart);
  }
  return whole.value_or("");
}

TEST(Box, LongEchoRepliesGoInFragments) {
  BoxSettings narrow = support::box_settings();
  narrow.mtu = 576;
  Box box(narrow, {});
  const std::string payload(1400, 'x');
  EXPECT_EQ(whole_of(pass(box, Side::inside, support::icmp(kPhone.address, ip("192.168.1.1"), 8, 0, 7, payload))),
            support::icmp(ip("192.168.1.1"), kPhone.address, 0, 0, 7, payload));
}

/// Answers by itself, sends on to another port, or makes the message longer: as the first octet says.
class Meddler final : public Behaviour {
 public:
  void on_message(Crossing& crossing) override {
    if (crossing.octets().starts_with("A")) crossing.answer(std::string(1000, 'y'));
    if (crossing.octets().starts_with("R")) crossing.redirect(7);
    if (crossing.octets().starts_with("O")) crossing.replace(std::string(crossing.octets()) + std::string(100, 'z'));
  }
};

Box meddling(std::size_t mtu, bool reports_growth = true) {
  BoxSettings settings = support::box_settings();
  settings.mtu = mtu;
  settings.reads_tcp = true;
  settings.reports_growth = reports_growth;
  std::vector<std::unique_ptr<Behaviour>> behaviours;
  behaviours.push_back(std::make_unique<Meddler>());
  return Box(settings, std::move(behaviours));
}

const net::Endpoint kSipPhone = ep("192.168.1.10:5060");
const net::Endpoint kSipOuter = ep("203.0.113.1:5060");
const net::Endpoint kSipServer = ep("198.51.100.5:5060");

TEST(Box, LongAnswersOfItsOwnGoInFragments) {
  Box box = meddling(576);
  for (std::uint16_t number = 1; number < 3; ++number) {
    std::vector<Departure> departures = pass(box, Side::inside, support::udp(kSipPhone, kSipServer, "A"));
    ASSERT_EQ(departures.size(), 3U);
    std::erase_if(departures, [](const Departure& departure) { return departure.to == Side::outside; });
    EXPECT_EQ(whole_of(departures),
              support::udp(kSipServer, kSipPhone, std::string(1000, 'y'), {.identification = number}));
  }
}

TEST(Box, OnlyDatagramsAreRedirected) {
  Box box = meddling(1500);
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kSipPhone, kSipServer, "R"))),
            "outside 203.0.113.1:5060 > 198.51.100.5:7");
  const std::string message = "REGISTER sip:example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(summary(pass(box, Side::inside, support::tcp(kSipPhone, kSipServer, 1, 1, 24, message))),
            "outside 203.0.113.1:5060 > 198.51.100.5:5060");
}

// A18 over TCP would answer in octets that no connection has.
TEST(Box, AnswersOfABehaviourAreDatagramsAlone) {
  const BehaviourEntry* const entry = find_behaviour("A18");
  ASSERT_NE(entry, nullptr);
  BoxSettings settings = support::box_settings();
  settings.reads_tcp = true;
  std::vector<std::unique_ptr<Behaviour>> behaviours;
  behaviours.push_back(entry->make(Values(entry->parameters)));
  Box box(settings, std::move(behaviours));
  const std::string message =
      "OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.10;branch=z9hG4bK1\r\nFrom: "
      "<sip:a@example.com>;tag=1\r\n"
      "To: <sip:example.com>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kSipPhone, kSipServer, message))),
            "inside 198.51.100.5:5060 > 192.168.1.10:5060");
  EXPECT_EQ(only(pass(box, Side::inside, support::tcp(kSipPhone, kSipServer, 1, 1, 24, message)), Side::outside),
            support::tcp(kSipOuter, kSipServer, 1, 1, 24, message, {.ttl = 63}));
}

// The sender is told how long its own packets may be, and finds its own packet in the error.
TEST(Box, WhatGrewTooLongWithDontFragmentIsAnswered) {
  Box box = meddling(1500);
  const std::string sent = support::udp(kSipPhone, kSipServer, "O" + std::string(1400, 'a'), {.dont_fragment = true});
  EXPECT_EQ(
      only(pass(box, Side::inside, sent), Side::inside),
      support::icmp(ip("192.168.1.1"), kSipPhone.address, 3, 4, 1400, sent.substr(0, 548), {.identification = 0}));
  EXPECT_EQ(box.counters().dropped, 1U);
  Box silent = meddling(1500, false);
  EXPECT_EQ(summary(pass(silent, Side::inside, sent)), "");
  EXPECT_EQ(silent.counters().dropped, 1U);
}

TEST(Box, ExpiredTtlIsAnswered) {
  Box box = clean_box();
  const std::string last = support::udp(kPhone, kServer, "a", {.ttl = 1});
  EXPECT_EQ(only(pass(box, Side::inside, last), Side::inside),
            support::icmp(ip("192.168.1.1"), kPhone.address, 11, 0, 0, last, {.identification = 0}));
  (void)pass(box, Side::inside, support::udp(kPhone, kServer, "a"));
  const std::string inbound = support::udp(kServer, kOuter, "a", {.ttl = 1});
  EXPECT_EQ(only(pass(box, Side::outside, inbound), Side::outside),
            support::icmp(kOuter.address, kServer.address, 11, 0, 0, inbound, {.identification = 0}));
}

TEST(Box, AnswersPingsToItself) {
  Box box = clean_box();
  EXPECT_EQ(only(pass(box, Side::inside, support::icmp(kPhone.address, ip("192.168.1.1"), 8, 0, 7, "x")), Side::inside),
            support::icmp(ip("192.168.1.1"), kPhone.address, 0, 0, 7, "x"));
  EXPECT_EQ(only(pass(box, Side::outside, support::icmp(kServer.address, kOuter.address, 8, 0, 7, "x")), Side::outside),
            support::icmp(kOuter.address, kServer.address, 0, 0, 7, "x"));
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kPhone, ep("192.168.1.1:53"), "x"))), "");
}

TEST(Box, CountsWhatItDoesNotPass) {
  Box box = clean_box();
  EXPECT_EQ(summary(pass(box, Side::outside, support::udp(kServer, kOuter, "unasked"))), "");
  EXPECT_EQ(summary(pass(box, Side::inside, "garbage")), "");
  EXPECT_EQ(summary(pass(box, Side::inside, std::string("\x60") + std::string(60, '\0'))), "");
  EXPECT_EQ(box.counters().filtered, 1U);
  EXPECT_EQ(box.counters().unreadable, 2U);
}

TEST(Box, PacketsLeaveWhenTheirLineLetsThem) {
  BoxSettings settings = support::box_settings();
  settings.up.delay = std::chrono::milliseconds(30);
  settings.down.delay = std::chrono::milliseconds(10);
  Box box(settings, {});
  EXPECT_EQ(box.next_time(), std::nullopt);
  box.receive(Side::inside, support::udp(kPhone, kServer, "a"), kStart);
  box.receive(Side::outside, support::udp(kServer, kOuter, "b"), kStart + std::chrono::milliseconds(5));
  EXPECT_EQ(box.next_time(), kStart + std::chrono::milliseconds(15));
  EXPECT_FALSE(box.next(kStart + std::chrono::milliseconds(14)).has_value());
  EXPECT_EQ(box.next(kStart + std::chrono::milliseconds(15))->to, Side::inside);
  EXPECT_FALSE(box.next(kStart + std::chrono::milliseconds(29)).has_value());
  EXPECT_EQ(box.next(kStart + std::chrono::milliseconds(30))->to, Side::outside);
  EXPECT_EQ(box.next_time(), std::nullopt);
}

TEST(Box, MappingsExpireWithoutPackets) {
  Box box = clean_box();
  (void)pass(box, Side::inside, support::udp(kPhone, kServer, "a"));
  EXPECT_EQ(box.nat().size(), 1U);
  (void)pass(box, Side::inside, "garbage", kStart + seconds(300));
  EXPECT_EQ(box.nat().size(), 0U);
}

}  // namespace
}  // namespace viaduct::faults
