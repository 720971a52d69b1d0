// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/frames_test.hpp"
#include "support/guarded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::capture {
namespace {

using namespace std::string_literals;
using namespace test;

const std::string kFour = "udp17 10.0.0.7:5060 > 198.51.100.5:5062 ttl 64 dscp 46";
const std::string kSix = "udp17 [2001:db8::7]:5060 > [2001:db8::5]:5062 ttl 63 dscp 46";
const std::string kPayload = " 'hello'";

std::string four() {
  return datagram("hello");
}
std::string six() {
  return ipv6(udp(5060, 5062, "hello"));
}

struct Case {
  LinkType link;
  std::string frame;
  std::string expected;
};

void expect_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(show(c.link, c.frame), c.expected) << "case " << &c - cases.data();
}

TEST(Decode, ReadsEveryLinkType) {
  const std::string arp(28, '\1');
  expect_all({
      {LinkType::ethernet, ethernet(0x0800, four()) + "padding", kFour + kPayload},
      {LinkType::ethernet, ethernet(0x86dd, six()), kSix + kPayload},
      {LinkType::ethernet, ethernet(0x0806, arp), "not ip"},
      {LinkType::ethernet, ethernet(41, "\xaa\xaa\3\0\0\0"s + be16(0x0800) + four()), kFour + kPayload},
      {LinkType::ethernet, ethernet(38, "\x42\x42\3"s + arp), "not ip"},
      {LinkType::linux_sll, be16(0) + be16(1) + be16(6) + "\2\0\0\0\0\1\0\0"s + be16(0x0800) + four(),
       kFour + kPayload},
      {LinkType::linux_sll2, be16(0x86dd) + be16(0) + be32(3) + be16(1) + be16(6) + "\2\0\0\0\0\1\0\0"s + six(),
       kSix + kPayload},
      {LinkType::raw, four(), kFour + kPayload},
      {LinkType::raw, six(), kSix + kPayload},
      {LinkType::raw_bsd, four(), kFour + kPayload},
      {LinkType::raw_openbsd, six(), kSix + kPayload},
      {LinkType::ipv4, four(), kFour + kPayload},
      {LinkType::ipv6, six(), kSix + kPayload},
      {LinkType::raw, "\x50"s + four(), "not ip"},
      {LinkType::null, "\2\0\0\0"s + four(), kFour + kPayload},
      {LinkType::null, "\0\0\0\2"s + four(), kFour + kPayload},
      {LinkType::null, "\x1e\0\0\0"s + six(), kSix + kPayload},
      {LinkType::loop, "\0\0\0\x18"s + six(), kSix + kPayload},
      {LinkType::null, "\x17\0\0\0"s + four(), "not ip"},
      {LinkType::ppp, "\xff\3\0\x21"s + four(), kFour + kPayload},
      {LinkType::ppp, "\x57"s + six(), kSix + kPayload},
      {LinkType::ppp, "\xc0\x21\1\1\0\4"s, "not ip"},
      {LinkType::ppp_hdlc, "\xff\3\x21"s + four(), kFour + kPayload},
      {LinkType::pppoe_session, "\x11\0\0\1"s + be16(four().size() + 2) + "\0\x21"s + four(), kFour + kPayload},
      {LinkType::cisco_hdlc, "\x0f\0"s + be16(0x0800) + four(), kFour + kPayload},
      {static_cast<LinkType>(105), four(), "unknown link"},  // NOLINT(clang-analyzer-optin.core.EnumCastOutOfRange)
  });
}

TEST(Decode, WalksTagsSessionsAndLabels) {
  const std::string inner = ethernet(0x0800, four());
  const std::string label = be32(16 << 12 | 64);
  const std::string bottom = be32(17 << 12 | 0x100 | 64);
  const std::string pppoe = "\x11\0\0\1"s + be16(four().size() + 2) + "\0\x21"s + four();
  std::string doubtful = inner;
  doubtful[14 + 11] ^= 1;  // the checksum of the IP header
  expect_all({
      {LinkType::ethernet, ethernet(0x8100, be16(0x6064) + be16(0x0800) + four()), kFour + " vlan 100" + kPayload},
      {LinkType::ethernet, ethernet(0x88a8, be16(7) + be16(0x8100) + be16(8) + be16(0x86dd) + six()),
       kSix + " vlan 7 vlan 8" + kPayload},
      {LinkType::ethernet, ethernet(0x8100, be16(9) + be16(0x8864) + pppoe), kFour + " vlan 9" + kPayload},
      {LinkType::ethernet, ethernet(0x8863, pppoe), "not ip"},
      {LinkType::ethernet, ethernet(0x8847, label + bottom + four()), kFour + kPayload},
      {LinkType::ethernet, ethernet(0x8848, bottom + six()), kSix + kPayload},
      {LinkType::ethernet, ethernet(0x8847, bottom + be32(0) + inner), kFour + " 1 mpls" + kPayload},
      {LinkType::ethernet, ethernet(0x8847, bottom + inner), kFour + " 1 mpls" + kPayload},
      {LinkType::ethernet, ethernet(0x8847, bottom + be32(0) + doubtful), "not ip"},
      {LinkType::ethernet, ethernet(0x8847, label + label), "malformed"},
  });
  std::string tags;
  for (int i = 0; i < kMaxHeaders; ++i) tags += be16(i) + be16(0x8100);
  EXPECT_EQ(show(LinkType::ethernet, ethernet(0x8100, tags + be16(1) + be16(0x0800) + four())), "too deep");
}

TEST(Decode, FollowsTunnels) {
  const std::string inner = ethernet(0x0800, four());
  const auto gre = [](const std::string& header) { return ethernet(0x0800, ipv4(header, {.protocol = 47})); };
  const auto over_udp = [](int port, const std::string& payload) {
    return ethernet(0x0800, ipv4(udp(40000, port, payload), {.source = "\1\1\1\1"}));
  };
  const std::string ppp = "\xff\3\0\x21"s + four();
  expect_all({
      {LinkType::ethernet, gre(be16(0) + be16(0x0800) + four()), kFour + " 1 gre" + kPayload},
      {LinkType::ethernet, gre(be16(0xb000) + be16(0x86dd) + be32(0) + be32(77) + be32(1) + six()),
       kSix + " 1 gre" + kPayload},
      {LinkType::ethernet, gre(be16(0x2000) + be16(0x6558) + be32(5) + inner), kFour + " 1 gre" + kPayload},
      {LinkType::ethernet, gre(be16(0x3081) + be16(0x880b) + be32(5) + be32(1) + be32(2) + ppp),
       kFour + " 1 gre" + kPayload},
      {LinkType::ethernet, gre(be16(0) + be16(0x88be) + inner), kFour + " 1 erspan" + kPayload},
      {LinkType::ethernet, gre(be16(0x1000) + be16(0x88be) + be32(1) + be32(0x10640001) + be32(0) + inner),
       kFour + " 1 erspan" + kPayload},
      {LinkType::ethernet, gre(be16(0x1000) + be16(0x22eb) + be32(1) + be32(0x20640001) + be32(0) + be32(0) + inner),
       kFour + " 1 erspan" + kPayload},
      {LinkType::ethernet,
       gre(be16(0x1000) + be16(0x22eb) + be32(1) + be32(0x20640001) + be32(0) + be32(1) + be32(0) + be32(0) + inner),
       kFour + " 1 erspan" + kPayload},
      {LinkType::ethernet, over_udp(4789, "\x08\0\0\0\0\0\x2a\0"s + inner), kFour + " 1 vxlan" + kPayload},
      {LinkType::ethernet, over_udp(1701, be16(0x0002) + be16(1) + be16(2) + ppp), kFour + " 1 l2tp" + kPayload},
      {LinkType::ethernet, over_udp(1701, be16(0x4a02) + be16(99) + be16(1) + be16(2) + be32(3) + be16(2) + "xx" + ppp),
       kFour + " 1 l2tp" + kPayload},
      {LinkType::raw, ipv4(four(), {.protocol = 4}), kFour + " 1 ip-in-ip" + kPayload},
      {LinkType::raw, ipv4(six(), {.protocol = 41}), kSix + " 1 ip-in-ip" + kPayload},
      {LinkType::raw, ipv6(four(), 4), kFour + " 1 ip-in-ip" + kPayload},
      {LinkType::ethernet,
       over_udp(4789,
                "\x08\0\0\0\0\0\x2a\0"s + ethernet(0x8100, be16(5) + be16(0x0800) + ipv4(four(), {.protocol = 4}))),
       kFour + " vlan 5 2 ip-in-ip" + kPayload},
  });
}

TEST(Decode, LeavesWhatOnlySeemsToBeATunnel) {
  const auto outer = [](int port, const std::string& payload) {
    return ipv4(udp(5060, port, payload), {.traffic_class = 0});
  };
  const std::string head = "udp17 10.0.0.7:5060 > 198.51.100.5:";
  expect_all({
      {LinkType::raw, outer(4789, "\x80\0hello to port 4789"s),
       head + "4789 ttl 64 dscp 0 '\x80\0hello to port 4789'"s},
      {LinkType::raw, outer(1701, "OPTIONS sip:a SIP/2.0"), head + "1701 ttl 64 dscp 0 'OPTIONS sip:a SIP/2.0'"},
      {LinkType::raw, outer(1701, be16(0xc802) + "control"), head + "1701 ttl 64 dscp 0 '" + be16(0xc802) + "control'"},
      {LinkType::raw, ipv4("rubbish", {.protocol = 4}), "other4 10.0.0.7:0 > 198.51.100.5:0 ttl 64 dscp 46 'rubbish'"},
  });
}

TEST(Decode, ReadsOptionsExtensionsAndTransports) {
  const std::string segment = tcp(5060, 5061, 1, 2, {}, "stream", be32(0x01010101));
  const std::string ext = be(60, 1) + be(0, 1) + std::string(6, '\0') +   // hop by hop
                          be(51, 1) + be(1, 1) + std::string(14, '\0') +  // destination options, 16 octets
                          be(44, 1) + be(4, 1) + std::string(22, '\0') +  // authentication, 24 octets
                          be(17, 1) + be(0, 1) + be16(0) + be32(9);       // an atomic fragment
  expect_all({
      {LinkType::raw, ipv4(udp(5060, 5062, "hello"), {.options = "\x94\4\0\0"s}), kFour + kPayload},
      {LinkType::raw, ipv6(ext + udp(5060, 5062, "hello"), 0), kSix + kPayload},
      {LinkType::raw, ipv4(segment, {.protocol = 6}), "tcp6 10.0.0.7:5060 > 198.51.100.5:5061 ttl 64 dscp 46 'stream'"},
      {LinkType::raw, ipv4("\3\3..", {.protocol = 1}), "icmp1 10.0.0.7:0 > 198.51.100.5:0 ttl 64 dscp 46 '\3\3..'"},
      {LinkType::raw, ipv6("\1\4..", 58), "icmp58 [2001:db8::7]:0 > [2001:db8::5]:0 ttl 63 dscp 46 '\1\4..'"},
      {LinkType::raw, ipv4(be16(2905) + be16(2906) + be32(0) + be32(0) + "chunk", {.protocol = 132}),
       "sctp132 10.0.0.7:2905 > 198.51.100.5:2906 ttl 64 dscp 46 'chunk'"},
      {LinkType::raw, ipv4("esp", {.protocol = 50}), "other50 10.0.0.7:0 > 198.51.100.5:0 ttl 64 dscp 46 'esp'"},
      {LinkType::raw, ipv4(segment.substr(0, 19), {.protocol = 6}), "malformed"},
      {LinkType::raw, ipv4(be16(1) + be16(2) + be16(7) + be16(0)), "malformed"},
  });
}

TEST(Decode, KnowsFragments) {
  const std::string part = be(17, 1) + be(0, 1) + be16(1480 | 1) + be32(0xcafe);
  expect_all({
      {LinkType::raw, ipv4("12345678", {.part = 0x2000}),
       "fragment id 4660 at 0 more other17 10.0.0.7:0 > 198.51.100.5:0 ttl 64 dscp 46 '12345678'"},
      {LinkType::raw, ipv4("end", {.part = 185}),
       "fragment id 4660 at 1480 last other17 10.0.0.7:0 > 198.51.100.5:0 ttl 64 dscp 46 'end'"},
      {LinkType::raw, ipv6(part + "12345678", 44),
       "fragment id 51966 at 1480 more other17 [2001:db8::7]:0 > [2001:db8::5]:0 ttl 63 dscp 46 '12345678'"},
  });
}

TEST(Decode, SaysWhenLessWasCaptured) {
  const std::string frame = ethernet(0x0800, datagram("hello"));
  EXPECT_EQ(show(LinkType::ethernet, frame.substr(0, frame.size() - 3)), kFour + " cut of 5 'he'");
  EXPECT_EQ(show(LinkType::ethernet, frame.substr(0, frame.size() - 5)), kFour + " cut of 5 ''");
  EXPECT_EQ(show(LinkType::ethernet, frame.substr(0, frame.size() - 6)), "malformed");
}

TEST(Decode, TakesLengthZeroForSegmentationOffload) {
  std::string packet = datagram("hello");
  packet[2] = packet[3] = 0;
  EXPECT_EQ(show(LinkType::raw, packet), kFour + kPayload);
}

TEST(Decode, NeverReadsBehindTheFrame) {
  const std::string inner = ethernet(0x0800, datagram("hello"));
  const std::string whole = ethernet(
      0x8100, be16(1) + be16(0x0800) +
                  ipv4(be16(0xb000) + be16(0x6558) + be32(0) + be32(77) + be32(1) +
                           ethernet(0x86dd, ipv6(be(4, 1) + be(0, 1) + std::string(6, '\0') + ipv4(inner), 60)),
                       {.protocol = 47}));
  for (int link : {0, 1, 9, 12, 14, 50, 51, 101, 104, 108, 113, 228, 229, 276})
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      viaduct::test::Guarded guarded(base::Bytes(whole).substr(0, size));
      Packet packet;
      static_cast<void>(decode(static_cast<LinkType>(link), guarded.at_end(), packet));
    }
}

}  // namespace
}  // namespace viaduct::capture
