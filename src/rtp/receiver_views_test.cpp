// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/receiver_views.hpp"

#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::rtp {
namespace {

using std::chrono::milliseconds;
using test::be16;
using test::be32;
using test::endpoint;
using test::kStart;
using test::ms;

constexpr std::uint32_t kStream = 0xcafe;

std::string rtcp(int count, int type, const std::string& body) {
  return be16(0x8000 | count << 8 | type) + be16(body.size() / 4) + body;
}
/// A sender report of the stream whose middle NTP bits are `ntp`.
std::string sender_report(std::uint32_t ntp, std::uint32_t packets, const std::string& blocks = "") {
  return rtcp(
      blocks.empty() ? 0 : 1, 200,
      be32(kStream) + be32(0xe0000000U | ntp >> 16) + be32(ntp << 16) + be32(16000) + be32(packets) + be32(7) + blocks);
}
std::string block(int fraction, int lost, int jitter, std::uint32_t answers = 0, milliseconds waited = {}) {
  return be32(kStream) + static_cast<char>(fraction) + be32(lost).substr(1) + be32(7) + be32(jitter) + be32(answers) +
         be32(waited.count() * 65536 / 1000);
}
std::string receiver_report(const std::string& blocks) {
  return rtcp(1, 201, be32(0xb0b) + blocks);
}
std::string voip(std::uint32_t ssrc) {
  std::string body = be32(ssrc) + "\x10\x20" + std::string(26, '\0');
  body[20] = 93;  // R
  body[22] = 42;  // MOS-LQ
  body[21] = body[23] = 127;
  return rtcp(0, 207, be32(0xb0b) + "\7" + std::string(1, '\0') + be16(8) + body);
}

/// A stream from 192.0.2.1:4000 to 198.51.100.2:6000 and RTCP about it.
struct Wire {
  ReceiverViews views;
  net::Endpoint source = endpoint("192.0.2.1:4000");
  net::Endpoint destination = endpoint("198.51.100.2:6000");

  Wire& forth(const std::string& octets, milliseconds at = {}, const char* from = "192.0.2.1:4001",
              const char* to = "198.51.100.2:6001") {
    views.add(octets, endpoint(from), endpoint(to), kStart + at);
    return *this;
  }
  Wire& back(const std::string& octets, milliseconds at = {}, const char* from = "198.51.100.2:6001",
             const char* to = "192.0.2.1:4001") {
    return forth(octets, at, from, to);
  }
  std::string told() {
    const std::optional<ReceiverReport> report = views.take(kStream, source, destination);
    if (!report) return "nothing";
    std::string text = std::to_string(report->reports) + " reports";
    if (report->reports > 0)
      text += " lost " + std::to_string(report->lost) + " fraction " +
              std::to_string(report->fraction_lost_mean).substr(0, 5) + "/" +
              std::to_string(report->fraction_lost_highest).substr(0, 5) + " jitter " +
              std::to_string(static_cast<int>(report->jitter_mean)) + "/" + std::to_string(report->jitter_highest);
    if (report->round_trip)
      text += " round trip " + ms(from_seconds(report->round_trip->least)) + "/" +
              ms(from_seconds(report->round_trip->mean)) + "/" + ms(from_seconds(report->round_trip->highest));
    if (report->sent) text += " sent " + std::to_string(report->sent->packets);
    if (report->voip) text += " R " + std::to_string(report->voip->rating.value_or(-1));
    return text;
  }
};

TEST(ReceiverViews, TellsWhatReceiverAndSenderSay) {
  EXPECT_EQ(Wire()
                .forth(sender_report(0x00010000, 500))
                .back(receiver_report(block(64, 12, 80)), milliseconds(100))
                .back(receiver_report(block(0, 13, 40)) + voip(kStream), milliseconds(5100))
                .forth(sender_report(0x00060000, 750), milliseconds(5000))
                .told(),
            "2 reports lost 13 fraction 0.125/0.250 jitter 60/80 sent 750 R 93");
}

TEST(ReceiverViews, MeasuresTheRoundTripFromThePlaceOfCapture) {
  EXPECT_EQ(Wire()
                .forth(sender_report(0x00010000, 1))
                .back(receiver_report(block(0, 0, 0, 0x00010000, milliseconds(250))), milliseconds(300))
                .forth(sender_report(0x00060000, 2), milliseconds(5000))
                .back(receiver_report(block(0, 0, 0, 0x00060000, milliseconds(500))), milliseconds(5530))
                // Answers nothing that passed here, and one that claims to have waited longer than it did.
                .back(receiver_report(block(0, 0, 0, 0x00990000, milliseconds(1))), milliseconds(5600))
                .back(receiver_report(block(0, 0, 0, 0x00060000, milliseconds(900))), milliseconds(5700))
                .told(),
            "4 reports lost 0 fraction 0.000/0.000 jitter 0/0 round trip 30/40/50 sent 2");
}

TEST(ReceiverViews, FindsReportsOnThePortOfRtpAndOnOthers) {
  const std::string report = receiver_report(block(0, 3, 0));
  EXPECT_EQ(Wire().back(report, {}, "198.51.100.2:6000", "192.0.2.1:4000").told().substr(0, 16), "1 reports lost 3");
  EXPECT_EQ(Wire().back(report, {}, "198.51.100.2:9", "192.0.2.1:5").told().substr(0, 16), "1 reports lost 3");
  Wire two;
  two.back(report, {}, "198.51.100.2:9", "192.0.2.1:5").back(report, {}, "198.51.100.2:19", "192.0.2.1:15");
  EXPECT_EQ(two.told(), "nothing") << "it may be about either of two streams";
}

TEST(ReceiverViews, IsAboutThisStreamOnly) {
  const std::string other = receiver_report(be32(1) + block(9, 9, 9).substr(4));
  EXPECT_EQ(Wire().back(other).back(voip(1)).told(), "nothing");
  EXPECT_EQ(Wire().forth(receiver_report(block(0, 0, 0))).told(), "nothing") << "the way of the media, not back";
}

TEST(ReceiverViews, DoesNotReadWhatIsEncryptedOrCut) {
  const std::string report = receiver_report(block(64, 12, 80));
  EXPECT_EQ(Wire().back(report + std::string(14, '\x33')).told(), "nothing");
  EXPECT_EQ(Wire().back(report.substr(0, 20)).told(), "nothing");
}

TEST(ReceiverViews, KeepsItsMemoryBounded) {
  Wire wire;
  for (std::uint32_t i = 0; i < 2 * ReceiverViews::kMostViews; ++i)
    wire.back(receiver_report(be32(i) + block(0, 0, 0).substr(4)));
  EXPECT_EQ(wire.views.not_kept(), ReceiverViews::kMostViews);
  wire.back(receiver_report(be32(5) + block(0, 1, 0).substr(4)), milliseconds(1000));
  EXPECT_EQ(wire.views.not_kept(), ReceiverViews::kMostViews) << "it was among the first";
  wire.back(receiver_report(be32(0xffffffff) + block(0, 0, 0).substr(4)), std::chrono::seconds(90));
  EXPECT_EQ(wire.views.not_kept(), ReceiverViews::kMostViews) << "what is quiet gives way";
}

}  // namespace
}  // namespace viaduct::rtp
