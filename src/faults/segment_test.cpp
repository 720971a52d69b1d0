// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/segment.hpp"

#include "faults/offload.hpp"
#include "support/nat_box.hpp"

#include <gtest/gtest.h>

namespace viaduct::faults {
namespace {

using support::ep;
using Texts = std::vector<std::string>;

/// "+" in front of a whole piece, "-" of another.
Texts texts(base::Bytes payload, bool tcp, SegmentRule rule = SegmentRule::messages) {
  Texts all;
  for (const Piece& piece : (tcp ? pieces_of_segment(payload, rule) : pieces_of_datagram(payload)).list)
    all.push_back((piece.whole ? "+" : "-") + std::string(piece.octets));
  return all;
}

TEST(PiecesOf, ASegmentIsCutBehindEachWholeMessage) {
  const std::string one = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\n\r\nx";
  const std::string two = "BYE sip:b SIP/2.0\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(texts(one + two, true), (Texts{"+" + one, "+" + two}));
  EXPECT_EQ(texts(one + two.substr(0, 20), true), (Texts{"+" + one, "-" + two.substr(0, 20)}));
  EXPECT_EQ(texts(one + two, false), Texts{"+" + one + two});
  EXPECT_EQ(texts("", false), Texts{"+"});
  EXPECT_EQ(texts("", true), Texts{});
}

// Held to the kernel itself by tests/kernel_alg.
TEST(PiecesOf, TheKernelTakesWhatASegmentBeginsWithForTheBeginOfAMessage) {
  constexpr SegmentRule kKernel = SegmentRule::linux_kernel;
  const std::string one = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\n\r\nx";
  const std::string two = "BYE sip:b SIP/2.0\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(texts(one + two, true, kKernel), (Texts{"+" + one, "+" + two}));
  EXPECT_EQ(texts("\r\n\r\n" + one, true, kKernel), (Texts{"+\r\n\r\n" + one}));
  EXPECT_EQ(texts(one.substr(10), true, kKernel), (Texts{"+" + one.substr(10)}));
  EXPECT_EQ(texts(one + two.substr(0, 20), true, kKernel), (Texts{"+" + one, "-" + two.substr(0, 20)}));
  EXPECT_EQ(texts("\r\nl:  0\r\n\r\n", true, kKernel), (Texts{"+\r\nl:  0\r\n\r\n"}));
  EXPECT_EQ(texts("\r\nl: 0\r\n\r\n", true, kKernel), (Texts{"-\r\nl: 0\r\n\r\n"})) << "ten octets";
  EXPECT_EQ(texts("BYE sip:b SIP/2.0\r\nl: 99999999999999999999\r\n\r\n", true, kKernel).front().front(), '-');
  EXPECT_TRUE(pieces_of_segment(one + two.substr(0, 20), kKernel).counted);
  EXPECT_FALSE(pieces_of_segment(two + one.substr(0, one.size() - 1), kKernel).counted) << "its body is not all there";
}

const net::Endpoint kPhone = ep("192.168.1.10:4000");
const net::Endpoint kServer = ep("198.51.100.5:6000");

std::string spoilt(std::string packet, std::size_t checksum) {
  packet[checksum] = static_cast<char>(packet[checksum] ^ 0x55);
  return packet;
}

TEST(WithoutOffload, LeavesWhatIsComplete) {
  const std::string udp = spoilt(support::udp(kPhone, kServer, "x"), 26);
  EXPECT_EQ(without_offload(udp, false, 1500), Texts{udp}) << "damage stays";
  EXPECT_EQ(without_offload("garbage", true, 1500), Texts{"garbage"});
}

TEST(WithoutOffload, MakesTheChecksumThatIsMissing) {
  const std::string udp = support::udp(kPhone, kServer, "x");
  EXPECT_EQ(without_offload(spoilt(udp, 26), true, 1500), Texts{udp});
  const std::string tcp = support::tcp(kPhone, kServer, 7, 9, 24, "x");
  EXPECT_EQ(without_offload(spoilt(tcp, 36), true, 1500), Texts{tcp});
}

TEST(WithoutOffload, CutsLongTcp) {
  const std::uint8_t all = TcpFlags::kFin | TcpFlags::kPush | 16;
  EXPECT_EQ(without_offload(support::tcp(kPhone, kServer, 7, 9, all, "abcdefgh"), false, 43),
            (Texts{support::tcp(kPhone, kServer, 7, 9, 16, "abc"), support::tcp(kPhone, kServer, 10, 9, 16, "def"),
                   support::tcp(kPhone, kServer, 13, 9, all, "gh")}));
}

}  // namespace
}  // namespace viaduct::faults
