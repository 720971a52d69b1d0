// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/datagram.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::net {
namespace {

// 10.0.0.7:5060 -> 198.51.100.5:5060 "hello", both checksums zero.
std::string ipv4_packet() {
  const unsigned char octets[] = {0x45, 0x00, 0x00, 0x21, 0x00, 0x01, 0x40, 0x00, 0x40, 0x11, 0x00,
                                  0x00, 10,   0,    0,    7,    198,  51,   100,  5,    0x13, 0xc4,
                                  0x13, 0xc4, 0x00, 0x0d, 0x00, 0x00, 'h',  'e',  'l',  'l',  'o'};
  return {reinterpret_cast<const char*>(octets), sizeof octets};
}

bool checksums_hold(base::Bytes packet) {
  const auto d = parse_datagram(packet);
  if (!d) return false;
  const bool four = d->source.address.family == Family::ipv4;
  const std::uint32_t udp_length = static_cast<std::uint32_t>(packet.size() - d->udp_offset);
  const std::uint32_t pseudo = checksum_add(17 + udp_length, four ? packet.substr(12, 8) : packet.substr(8, 32));
  const bool udp_ok = fold_checksum(checksum_add(pseudo, packet.substr(d->udp_offset))) == 0;
  return udp_ok && (!four || fold_checksum(checksum_add(0, packet.substr(0, d->udp_offset))) == 0);
}

// A packet whose UDP checksum is present (not zero), so that rebuild has one to renew.
std::string with_checksums(std::string packet) {
  packet[packet.size() - 5 - 2] = 1;
  std::string out(packet.size(), 0);
  const auto d = parse_datagram(packet);
  EXPECT_TRUE(rebuild(*d, d->body(), out));
  return out;
}

TEST(Datagram, ReadsUdpOverIpv4) {
  const std::string packet = ipv4_packet() + "padding";
  const auto d = parse_datagram(packet);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->source.to_text(), "10.0.0.7:5060");
  EXPECT_EQ(d->destination.to_text(), "198.51.100.5:5060");
  EXPECT_EQ(d->body(), "hello");
}

TEST(Datagram, RebuildRenewsLengthsAndChecksums) {
  const std::string packet = with_checksums(ipv4_packet());
  ASSERT_TRUE(checksums_hold(packet));
  for (const std::string& payload : {std::string(), std::string("x"), std::string(1400, 'y'), std::string("hello")}) {
    std::string out(2000, 0);
    const auto size = rebuild(*parse_datagram(packet), payload, out);
    ASSERT_TRUE(size);
    out.resize(*size);
    EXPECT_EQ(parse_datagram(out)->body(), payload);
    EXPECT_TRUE(checksums_hold(out)) << payload.size();
  }
}

TEST(Datagram, RebuildOfTheSamePayloadIsIdentical) {
  const std::string packet = with_checksums(ipv4_packet());
  std::string out(packet.size(), 0);
  ASSERT_TRUE(rebuild(*parse_datagram(packet), "hello", out));
  EXPECT_EQ(out, packet);
}

TEST(Datagram, ZeroChecksumOfIpv4StaysZero) {
  std::string out(100, 0);
  const std::string packet = ipv4_packet();
  ASSERT_TRUE(rebuild(*parse_datagram(packet), "other", out));
  EXPECT_EQ(out.substr(26, 2), std::string(2, 0));
}

TEST(Datagram, Ipv6RoundTrip) {
  std::string packet(40 + 8 + 3, 0);
  packet[0] = 0x60;
  packet[5] = 11;
  packet[6] = 17;
  packet[23] = 1;
  packet[39] = 2;
  packet[41] = 9;
  packet[43] = 10;
  packet[45] = 11;
  packet.replace(48, 3, "abc");
  std::string out(100, 0);
  const auto size = rebuild(*parse_datagram(packet), "longer", out);
  ASSERT_TRUE(size);
  out.resize(*size);
  EXPECT_EQ(parse_datagram(out)->body(), "longer");
  EXPECT_TRUE(checksums_hold(out));
}

TEST(Datagram, EveryTruncationIsAnErrorOrTheWhole) {
  const std::string packet = ipv4_packet();
  for (std::size_t n = 0; n < packet.size(); ++n) EXPECT_FALSE(parse_datagram(base::Bytes(packet).substr(0, n))) << n;
}

TEST(Datagram, RefusesFragmentsAndOtherTransports) {
  std::string packet = ipv4_packet();
  packet[6] = 0x20;
  EXPECT_EQ(parse_datagram(packet).error().code, PacketProblem::fragment);
  packet = ipv4_packet();
  packet[9] = 6;
  EXPECT_EQ(parse_datagram(packet).error().code, PacketProblem::not_udp);
  EXPECT_EQ(parse_datagram("x").error().code, PacketProblem::not_ip);
}

}  // namespace
}  // namespace viaduct::net
