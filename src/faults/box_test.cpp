// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/box.hpp"

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
