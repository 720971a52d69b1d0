// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/rtcp.hpp"

#include "rtp/extended_report.hpp"
#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace viaduct::rtp::test {
namespace {

/// An RTCP packet with the length that fits, unless another one is wanted.
std::string rtcp(int count, int type, const std::string& body, int words = -1) {
  return be16((0x80 | count) << 8 | type) + be16(words < 0 ? body.size() / 4 : static_cast<std::size_t>(words)) + body;
}

const std::string kBlock =
    be32(0xcafe) + "\x40" + std::string("\xff\xff\xfe", 3) + be32(70000) + be32(80) + be32(0x00020000) + be32(0x8000);
const std::string kSenderReport =
    rtcp(1, 200, be32(1) + be32(0xe0000000) + be32(0x80000000) + be32(16000) + be32(100) + be32(16000) + kBlock);

RtcpPacket only(const std::string& octets) {
  // The packet is a view: what it looks at lives as long as the test program.
  static std::deque<std::string> all;
  RtcpWalk walk(all.emplace_back(octets));
  const std::optional<RtcpPacket> packet = walk.next();
  EXPECT_TRUE(packet);
  return packet.value_or(RtcpPacket{});
}

TEST(Rtcp, WalksACompoundPacket) {
  const std::string octets = kSenderReport + rtcp(1, 202, be32(1) + "\1\4a@b!" + std::string(2, '\0')) +
                             rtcp(15, 206, be32(1) + be32(2)) + rtcp(0, 204, be32(1) + "qtsi") + rtcp(1, 203, be32(1));
  std::string types;
  RtcpWalk walk(octets);
  while (const std::optional<RtcpPacket> packet = walk.next())
    types += std::to_string(static_cast<int>(packet->type)) + "/" + std::to_string(packet->count) + " " +
             std::to_string(packet->ssrc) + " ";
  EXPECT_EQ(types, "200/1 1 202/1 0 206/15 1 204/0 1 203/1 1 ");
  EXPECT_FALSE(walk.problem());
}

TEST(Rtcp, EndsWhereLengthsLie) {
  const auto problem_of = [](const std::string& octets) {
    RtcpWalk walk(octets);
    while (walk.next()) {
    }
    return walk.problem().value_or(base::Error<RtcpProblem>{RtcpProblem::too_short, 9999});
  };
  const std::string good = rtcp(0, 201, be32(1));
  EXPECT_EQ(problem_of(good + "abc"), (base::Error{RtcpProblem::too_short, 8U}));
  EXPECT_EQ(problem_of(good + "SRTCP is encrypted"), (base::Error{RtcpProblem::other_version, 8U}));
  EXPECT_EQ(problem_of(rtcp(0, 201, be32(1), 2)), (base::Error{RtcpProblem::length, 2U}));
  EXPECT_EQ(problem_of(rtcp(0, 201, be32(1), 0xffff)), (base::Error{RtcpProblem::length, 2U}));
  EXPECT_EQ(problem_of(rtcp(0x20, 201, be32(9))), (base::Error{RtcpProblem::padding, 7U}));
  EXPECT_EQ(problem_of(rtcp(0x20, 201, "")), (base::Error{RtcpProblem::padding, 3U}));
}

TEST(Rtcp, ReadsASenderReport) {
  const RtcpPacket packet = only(kSenderReport);
  const std::optional<SenderInfo> info = sender_info(packet);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->ntp_time, 0xe000000080000000U);
  EXPECT_EQ(info->timestamp, 16000U);
  EXPECT_EQ(info->packets, 100U);
  EXPECT_EQ(info->octets, 16000U);
  const std::optional<ReportBlock> block = report_block(packet, 0);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->ssrc, 0xcafeU);
  EXPECT_EQ(block->fraction_lost, 64);
  EXPECT_EQ(block->lost, -2);
  EXPECT_EQ(block->highest, 70000U);
  EXPECT_EQ(block->jitter, 80U);
  EXPECT_EQ(report_block(packet, 1), std::nullopt);
}

TEST(Rtcp, DoesNotReadPastACountThatLies) {
  const RtcpPacket packet = only(rtcp(31, 201, be32(1) + kBlock));
  EXPECT_TRUE(report_block(packet, 0));
  EXPECT_FALSE(report_block(packet, 1));
  EXPECT_FALSE(report_block(packet, 30));
  EXPECT_FALSE(sender_info(packet));
}

TEST(Rtcp, MeasuresTheRoundTrip) {
  const RtcpPacket packet = only(kSenderReport);
  const ReportBlock block = *report_block(packet, 0);
  EXPECT_DOUBLE_EQ(round_trip(block, 0x0002c000).value_or(-1), 0.25);
  EXPECT_EQ(round_trip(block, 0x00020001), std::nullopt);  // before it could have been
  EXPECT_EQ(round_trip(ReportBlock{}, 0x00020001), std::nullopt);
}

TEST(Rtcp, ReadsTheNamesOfSources) {
  const std::string chunks =
      be32(1) + "\2\3Eve\1\3a@b" + std::string(2, '\0') + be32(2) + std::string(4, '\0') + be32(3) + "\1\xff" + "ab";
  const RtcpPacket packet = only(rtcp(3, 202, chunks));
  const auto first = canonical_name(packet, 0);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->ssrc, 1U);
  EXPECT_EQ(first->name, "a@b");
  const auto second = canonical_name(packet, 1);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->ssrc, 2U);
  EXPECT_EQ(second->name, "");
  EXPECT_FALSE(canonical_name(packet, 2));
  EXPECT_FALSE(canonical_name(packet, 3));
}

TEST(Rtcp, ReadsWhoLeavesAndWhy) {
  const RtcpPacket packet = only(rtcp(2, 203, be32(1) + be32(2) + "\6hungup" + std::string(1, '\0')));
  EXPECT_EQ(leaving(packet, 1), 2U);
  EXPECT_EQ(leaving(packet, 2), std::nullopt);
  EXPECT_EQ(leaving_reason(packet), "hungup");
  EXPECT_EQ(leaving_reason(only(rtcp(1, 203, be32(1) + "\xffxyz"))), "");
  EXPECT_EQ(leaving(only(rtcp(1, 203, "")), 0), std::nullopt);
  EXPECT_EQ(application_name(only(rtcp(0, 204, be32(1) + "qtsi"))), "qtsi");
}

TEST(Rtcp, ReadsVoipMetrics) {
  const std::string metrics = be32(0xcafe) + std::string("\x40\x20\x80\x01", 4) + be16(300) + be16(15000) + be16(120) +
                              be16(60) + std::string("\xe2\x7f\x7f\x10\x5d\x7f\x29\x7f\x30\0", 10) + be16(40) +
                              be16(60) + be16(200);
  const RtcpPacket packet = only(
      rtcp(0, 207,
           be32(1) + be16(0x0400) + be16(2) + "8 octets" + be16(0x0700) + be16(8) + metrics + be16(0x0700) + be16(99)));
  ExtendedWalk walk(packet);
  const std::optional<ExtendedBlock> time = walk.next();
  ASSERT_TRUE(time);
  EXPECT_EQ(time->type, 4);
  EXPECT_EQ(time->body, "8 octets");
  EXPECT_FALSE(voip_metrics(*time));
  const std::optional<ExtendedBlock> block = walk.next();
  ASSERT_TRUE(block);
  const std::optional<VoipMetrics> voip = voip_metrics(*block);
  ASSERT_TRUE(voip);
  EXPECT_EQ(voip->ssrc, 0xcafeU);
  EXPECT_DOUBLE_EQ(voip->loss_rate, 0.25);
  EXPECT_DOUBLE_EQ(voip->discard_rate, 0.125);
  EXPECT_DOUBLE_EQ(voip->burst_density, 0.5);
  EXPECT_DOUBLE_EQ(voip->burst_duration, 0.3);
  EXPECT_DOUBLE_EQ(voip->gap_duration, 15);
  EXPECT_DOUBLE_EQ(voip->round_trip, 0.12);
  EXPECT_DOUBLE_EQ(voip->end_system_delay, 0.06);
  EXPECT_EQ(voip->signal_level, -30);
  EXPECT_EQ(voip->noise_level, std::nullopt);
  EXPECT_EQ(voip->echo_return_loss, std::nullopt);
  EXPECT_EQ(voip->gmin, 16);
  EXPECT_EQ(voip->rating, 93);
  EXPECT_DOUBLE_EQ(voip->listening_score.value_or(0), 4.1);
  EXPECT_EQ(voip->conversing_score, std::nullopt);
  EXPECT_DOUBLE_EQ(voip->buffer_limit, 0.2);
  EXPECT_FALSE(walk.next());
}

}  // namespace
}  // namespace viaduct::rtp::test
