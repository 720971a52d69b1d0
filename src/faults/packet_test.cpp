// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/packet.hpp"

#include "support/ipv4.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace viaduct::faults {
namespace {

using support::checksums_are_right;
using support::ep;
using support::ip;

const net::Endpoint kFrom = ep("192.168.1.10:4000");
const net::Endpoint kTo = ep("198.51.100.5:6000");
const net::Endpoint kOuter = ep("203.0.113.1:4001");

std::string any_payload() {
  return *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}

net::Endpoint any_endpoint() {
  return {net::Address::ipv4(*rc::gen::arbitrary<std::uint32_t>()), *rc::gen::arbitrary<std::uint16_t>()};
}

std::string any_packet(const std::string& payload) {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return support::udp(kFrom, kTo, payload);
    case 1:
      return support::tcp(kFrom, kTo, *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint32_t>(), 24,
                          payload);
    default:
      return support::icmp(kFrom.address, kTo.address, *rc::gen::element<std::uint8_t>(0, 8), 0,
                           *rc::gen::arbitrary<std::uint32_t>(), payload);
  }
}

/// One change that the box can make to any packet.
void change(Packet& packet) {
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      return packet.set_source(any_endpoint());
    case 1:
      return packet.set_destination(any_endpoint());
    case 2:
      return packet.set_ttl(*rc::gen::arbitrary<std::uint8_t>());
    case 3:
      return packet.set_dscp(*rc::gen::inRange<std::uint8_t>(0, 64));
    case 4:
      if (packet.protocol() == Protocol::tcp) packet.set_tcp_sequence(*rc::gen::arbitrary<std::uint32_t>());
      return;
    case 5:
      if (packet.protocol() == Protocol::tcp) packet.set_tcp_acknowledgement(*rc::gen::arbitrary<std::uint32_t>());
      return;
    default:
      if (packet.protocol() != Protocol::icmp) RC_ASSERT(packet.set_payload(any_payload()));
  }
}

// Right stays right.
RC_GTEST_PROP(PacketChange, ChecksumsAreRightAfterEveryKind, ()) {
  base::Result<Packet, PacketProblem> packet = Packet::parse(any_packet(any_payload()));
  RC_ASSERT(packet.has_value());
  RC_ASSERT(packet->checksum_is_right());
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) change(*packet);
  RC_ASSERT(checksums_are_right(packet->octets()));
  RC_ASSERT(support::get16(packet->octets(), 2) == packet->octets().size());
}

// A damaged payload is not made good by translation.
RC_GTEST_PROP(PacketChange, WrongChecksumStaysWrong, ()) {
  std::string octets = any_packet("payload");
  octets.back() = static_cast<char>(octets.back() ^ 1);
  base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
  RC_ASSERT(!packet->checksum_is_right());
  packet->set_source(any_endpoint());
  packet->set_destination(any_endpoint());
  packet->set_ttl(3);
  RC_ASSERT(!checksums_are_right(packet->octets()));
  RC_ASSERT(!packet->checksum_is_right());
}

TEST(PacketChange, UdpWithoutChecksumStaysWithout) {
  std::string octets = support::udp(kFrom, kTo, "payload");
  octets.replace(26, 2, support::be16(0));
  base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
  packet->set_source(kOuter);
  ASSERT_TRUE(packet->set_payload("another payload"));
  EXPECT_EQ(support::get16(packet->octets(), 26), 0U);
  EXPECT_EQ(packet->payload(), "another payload");
  EXPECT_EQ(support::get16(packet->octets(), 24), 8U + 15U);
  EXPECT_TRUE(checksums_are_right(packet->octets()));
}

// What sums up to zero is sent as ffff (RFC 768).
RC_GTEST_PROP(PacketChange, UdpChecksumNeverBecomesZero, ()) {
  // The port that makes the one's complement sum of the rest vanish.
  base::Result<Packet, PacketProblem> packet = Packet::parse(support::udp({kFrom.address, 0}, kTo, any_payload()));
  const std::uint32_t checksum = support::get16(packet->octets(), 26);
  packet->set_source({kFrom.address, static_cast<std::uint16_t>(checksum)});
  RC_ASSERT(support::get16(packet->octets(), 26) == 0xffffU);
  RC_ASSERT(checksums_are_right(packet->octets()));
}

TEST(PacketChange, TranslationIsWholePacketForWholePacket) {
  base::Result<Packet, PacketProblem> udp = Packet::parse(support::udp(kFrom, kTo, "payload"));
  udp->set_source(kOuter);
  EXPECT_EQ(udp->octets(), support::udp(kOuter, kTo, "payload"));
  udp->set_destination(kFrom);
  udp->set_dscp(46);
  udp->set_ttl(7);
  EXPECT_EQ(udp->octets(), support::udp(kOuter, kFrom, "payload", {.dscp = 46, .ttl = 7}));

  base::Result<Packet, PacketProblem> tcp = Packet::parse(support::tcp(kFrom, kTo, 5, 6, 24, "payload"));
  tcp->set_source(kOuter);
  tcp->set_tcp_sequence(0xfffffff0);
  tcp->set_tcp_acknowledgement(17);
  ASSERT_TRUE(tcp->set_payload("pay"));
  EXPECT_EQ(tcp->octets(), support::tcp(kOuter, kTo, 0xfffffff0, 17, 24, "pay"));

  base::Result<Packet, PacketProblem> echo =
      Packet::parse(support::icmp(kFrom.address, kTo.address, 8, 0, 0x00070001, "payload"));
  EXPECT_EQ(echo->source().port, 7);
  echo->set_source(kOuter);
  EXPECT_EQ(echo->octets(), support::icmp(kOuter.address, kTo.address, 8, 0,
                                          static_cast<std::uint32_t>(kOuter.port) << 16 | 1, "payload"));
}

TEST(PacketChange, PayloadThatDoesNotFitIsRefused) {
  base::Result<Packet, PacketProblem> packet = Packet::parse(support::udp(kFrom, kTo, "payload"));
  EXPECT_TRUE(packet->set_payload(std::string(65535 - 28, 'a')));
  EXPECT_FALSE(packet->set_payload(std::string(65535 - 27, 'b')));
  EXPECT_EQ(packet->payload(), std::string(65535 - 28, 'a'));
}

TEST(PacketParse, ReadsOptionsFragmentsAndPadding) {
  std::string octets = support::udp(kFrom, kTo, "payload") + std::string(18, '\0');
  base::Result<Packet, PacketProblem> padded = Packet::parse(octets);
  EXPECT_EQ(padded->octets(), base::Bytes(octets).substr(0, 35));

  std::string later = support::udp(kFrom, kTo, "payload!");
  later.replace(6, 2, support::be16(0x2001));
  base::Result<Packet, PacketProblem> piece = Packet::parse(later);
  ASSERT_TRUE(piece.has_value());
  EXPECT_TRUE(piece->is_fragment() && piece->more_fragments());
  EXPECT_EQ(piece->fragment_offset(), 8U);
  EXPECT_EQ(piece->source(), (net::Endpoint{kFrom.address, 0}));

  std::string options = support::udp(kFrom, kTo, "payload");
  options.insert(20, std::string(4, '\1'));
  options[0] = '\x46';
  options.replace(2, 2, support::be16(options.size()));
  base::Result<Packet, PacketProblem> with = Packet::parse(options);
  EXPECT_EQ(with->source(), kFrom);
  EXPECT_EQ(with->payload(), "payload");
}

// RFC 768: the length counts header and data; what IP carries behind it is no part of the datagram.
TEST(PacketChange, OctetsBehindUdpStayBehindIt) {
  const auto trailed = [](base::Bytes payload) {
    std::string octets = support::udp(kFrom, kTo, payload) + "trail";
    octets.replace(2, 2, support::be16(octets.size()));
    octets.replace(10, 2, support::be16(0));
    octets.replace(10, 2, support::be16(net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(0, 20)))));
    return octets;
  };
  base::Result<Packet, PacketProblem> packet = Packet::parse(trailed("payload"));
  EXPECT_EQ(packet->octets(), trailed("payload"));
  EXPECT_EQ(packet->payload(), "payload");
  EXPECT_TRUE(packet->checksum_is_right());
  ASSERT_TRUE(packet->set_payload("another payload"));
  EXPECT_EQ(packet->octets(), trailed("another payload"));
  EXPECT_EQ(packet->payload(), "another payload");
}

TEST(PacketParse, UdpLengthThatDoesNotFitIsDamage) {
  for (const std::size_t length : {0U, 7U, 16U}) {
    std::string octets = support::udp(kFrom, kTo, "payload");
    octets.replace(24, 4, support::be16(length) + support::be16(0));
    const base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
    ASSERT_TRUE(packet.has_value());
    EXPECT_FALSE(packet->checksum_is_right()) << length;
    EXPECT_EQ(packet->octets(), octets);
  }
}

TEST(PacketParse, RefusesWhatIsNotThere) {
  const std::string good = support::tcp(kFrom, kTo, 1, 2, 16, "payload");
  const auto problem = [](const std::string& octets) {
    const base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
    return packet ? -1 : static_cast<int>(packet.error().code);
  };
  EXPECT_EQ(problem(good), -1);
  EXPECT_EQ(problem(good.substr(0, 19)), static_cast<int>(PacketProblem::too_short));
  EXPECT_EQ(problem(good.substr(0, good.size() - 1)), static_cast<int>(PacketProblem::too_short));
  std::string six = good;
  six[0] = '\x65';
  EXPECT_EQ(problem(six), static_cast<int>(PacketProblem::not_ipv4));
  std::string sctp = good;
  sctp[9] = '\x84';
  EXPECT_EQ(problem(sctp), static_cast<int>(PacketProblem::not_translated));
  std::string long_header = good;
  long_header[32] = '\xf0';
  EXPECT_EQ(problem(long_header), static_cast<int>(PacketProblem::too_short));
}

std::string quoting(const std::string& quoted) {
  return support::icmp(ip("192.0.2.1"), ip("203.0.113.1"), 3, 3, 0, quoted);
}

// The sender finds its own packet in the error.
RC_GTEST_PROP(PacketQuoted, IsTranslatedBackToWhatWasSent, ()) {
  const std::string sent = any_packet(any_payload());
  base::Result<Packet, PacketProblem> translated = Packet::parse(sent);
  const net::Endpoint source = translated->source();
  const net::Endpoint destination = translated->destination();
  translated->set_source({kOuter.address, *rc::gen::arbitrary<std::uint16_t>()});
  // RFC 792 asks for 8 octets of transport, RFC 1812 for as much as fits.
  const std::size_t whole = translated->octets().size();
  const std::size_t kept = *rc::gen::element<std::size_t>(28, std::min<std::size_t>(whole, 40), whole);
  base::Result<Packet, PacketProblem> error = Packet::parse(quoting(std::string(translated->octets().substr(0, kept))));
  const std::optional<Quoted> quoted = error->quoted();
  RC_ASSERT(quoted.has_value());
  RC_ASSERT(quoted->source == translated->source());
  error->set_quoted(source, destination);
  RC_ASSERT(checksums_are_right(error->octets()));
  const base::Bytes now = error->payload();
  RC_ASSERT(now.substr(0, 20) == base::Bytes(sent).substr(0, 20));
  // A one's complement zero has two spellings: only the values may differ there.
  const bool is_udp = translated->protocol() == Protocol::udp;
  const bool has_checksum = kept >= 38 || translated->protocol() != Protocol::tcp;
  if (is_udp && has_checksum && support::get16(now, 26) % 0xffff == support::get16(sent, 26) % 0xffff) return;
  RC_ASSERT(now == base::Bytes(sent).substr(0, kept));
}

TEST(PacketQuoted, NothingInOtherPackets) {
  EXPECT_EQ(Packet::parse(support::udp(kFrom, kTo, std::string(40, 'E')))->quoted(), std::nullopt);
  EXPECT_EQ(Packet::parse(support::icmp(kFrom.address, kTo.address, 8, 0, 1, support::udp(kFrom, kTo, "")))->quoted(),
            std::nullopt);
  EXPECT_EQ(Packet::parse(quoting(support::udp(kFrom, kTo, "").substr(0, 27)))->quoted(), std::nullopt);
}

TEST(PacketMake, UdpEchoReplyAndError) {
  EXPECT_EQ(make_udp(kFrom, kTo, "payload"), support::udp(kFrom, kTo, "payload", {.identification = 0}));
  const base::Result<Packet, PacketProblem> echo =
      Packet::parse(support::icmp(kFrom.address, kTo.address, 8, 0, 0x00070001, "payload", {.ttl = 3}));
  EXPECT_EQ(make_echo_reply(*echo), support::icmp(kTo.address, kFrom.address, 0, 0, 0x00070001, "payload"));
  const base::Result<Packet, PacketProblem> large = Packet::parse(support::udp(kFrom, kTo, std::string(1000, 'a')));
  EXPECT_EQ(make_icmp_error(ip("192.168.1.1"), 3, 4, 1400, *large),
            support::icmp(ip("192.168.1.1"), kFrom.address, 3, 4, 1400, large->octets().substr(0, 548),
                          {.identification = 0}));
}

}  // namespace
}  // namespace viaduct::faults
