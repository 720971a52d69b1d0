// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/unreachable.hpp"

#include "capture/frames_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::capture::test {
namespace {

/// "port 3 A > B" or "-"; of an ICMP message that quotes something.
std::string told(const std::string& ip) {
  Packet packet;
  if (decode(LinkType::raw, ip, packet) != Decoded::datagram) return "no datagram";
  const std::optional<Unreachable> found = read_unreachable(ip, packet);
  if (!found) return "-";
  return (found->port ? "port " : "other ") + std::to_string(found->code) + " " + found->source.to_text() + " > " +
         found->destination.to_text();
}

std::string icmp(int type, int code, const std::string& quoted) {
  return be(type, 1) + be(code, 1) + be16(0) + be32(0) + quoted;
}

const std::string kRtp = udp(4000, 6000, std::string(172, '\x2a'));

TEST(Unreachable, IsReadOffTheQuoteOfIpv4) {
  EXPECT_EQ(told(ipv4(icmp(3, 3, ipv4(kRtp)), {.protocol = 1})), "port 3 10.0.0.7:4000 > 198.51.100.5:6000");
  EXPECT_EQ(told(ipv4(icmp(3, 13, ipv4(kRtp)), {.protocol = 1})), "other 13 10.0.0.7:4000 > 198.51.100.5:6000");
}

TEST(Unreachable, IsReadOffTheQuoteOfIpv6) {
  EXPECT_EQ(told(ipv6(icmp(1, 4, ipv6(kRtp)), 58)), "port 4 [2001:db8::7]:4000 > [2001:db8::5]:6000");
}

TEST(Unreachable, NeedsNoMoreThanTheHeadersOfWhatItQuotes) {
  const std::string quoted = ipv4(kRtp).substr(0, 28);
  EXPECT_EQ(told(ipv4(icmp(3, 3, quoted), {.protocol = 1})), "port 3 10.0.0.7:4000 > 198.51.100.5:6000");
  for (std::size_t length = 0; length < quoted.size(); ++length)
    EXPECT_EQ(told(ipv4(icmp(3, 3, quoted.substr(0, length)), {.protocol = 1})), "-") << length;
}

TEST(Unreachable, IsNoOtherMessage) {
  EXPECT_EQ(told(ipv4(icmp(11, 0, ipv4(kRtp)), {.protocol = 1})), "-");
  EXPECT_EQ(told(ipv4(icmp(8, 0, "ping"), {.protocol = 1})), "-");
  EXPECT_EQ(told(ipv6(icmp(3, 0, ipv6(kRtp)), 58)), "-");
  EXPECT_EQ(told(ipv4(icmp(3, 3, ipv4(tcp(1, 2, 0, 0, {}, ""), {.protocol = 6})), {.protocol = 1})), "-");
}

}  // namespace
}  // namespace viaduct::capture::test
