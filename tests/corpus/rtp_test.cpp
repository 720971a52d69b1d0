// SPDX-License-Identifier: GPL-2.0-or-later
// Captures of other people: per stream the packets, losses and duplicates of the truth, and tshark's jitter.
// What differs is listed here and in docs/tshark-differences.md.
#include "base/text.hpp"
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "corpus.hpp"
#include "rtp/stream.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <utility>

namespace viaduct::corpus {
namespace {

struct Key {
  net::Endpoint source;
  net::Endpoint destination;
  std::uint32_t ssrc = 0;
  friend auto operator<=>(const Key&, const Key&) = default;
};

[[nodiscard]] std::string text_of(const Key& key) {
  char ssrc[11];
  std::snprintf(ssrc, sizeof ssrc, "0x%08x", key.ssrc);
  return key.source.to_text() + " " + key.destination.to_text() + " " + ssrc;
}

/// All that has the form of RTP, and the payload types that any SDP of the capture explains.
class Streams final : public capture::Receiver {
 public:
  void arrived(const capture::Arrival& arrival) override {
    if (capture::looks_like_sip(arrival.octets, arrival.cut())) return read_rtpmaps(arrival.octets);
    if (arrival.stream || arrival.hep != nullptr || !capture::looks_like_rtp(arrival.octets)) return;
    const base::Result<rtp::Packet, rtp::PacketProblem> packet = rtp::parse_packet(arrival.octets, arrival.length);
    if (!packet) return;
    const Key key{arrival.source, arrival.destination, packet->ssrc};
    rtp::Stream& stream = all.try_emplace(key, packet->ssrc, arrival.source, arrival.destination).first->second;
    stream.add(*packet, {arrival.time, arrival.frames.front(), arrival.packet->dscp, arrival.octets, arrival.length},
               formats_);
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override {}
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {}

  std::map<Key, rtp::Stream> all;

 private:
  /// a=rtpmap:97 speex/8000
  void read_rtpmaps(base::Bytes message) {
    constexpr base::Bytes kName = "a=rtpmap:";
    for (std::size_t at = message.find(kName); at != base::Bytes::npos; at = message.find(kName, at + 1)) {
      const base::Bytes line = message.substr(at + kName.size(), message.find_first_of("\r\n", at) - at - kName.size());
      const std::size_t blank = line.find(' ');
      const std::size_t slash = line.find('/');
      if (blank == base::Bytes::npos || slash == base::Bytes::npos) continue;
      const base::Bytes rate = line.substr(slash + 1, line.find_first_of("/ ", slash + 1) - slash - 1);
      formats_.set(base::parse_decimal<std::uint8_t>(line.substr(0, blank)).value_or(255),
                   line.substr(blank + 1, slash - blank - 1), base::parse_decimal(rate).value_or(0), {});
    }
  }

  rtp::Formats formats_;
};

void read_streams(const std::string& name, Streams& streams) {
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(capture_path(name));
  ASSERT_TRUE(reader);
  capture::Unwrapper unwrapper(streams);
  for (capture::Record record; reader->next(record);) unwrapper.add(record);
  unwrapper.finish();
}

[[nodiscard]] Key key_of(const nlohmann::json& stream) {
  const auto endpoint = [&](const char* address, const char* port) {
    return net::Endpoint{net::parse_address(stream[address].get<std::string>()).value_or(net::Address{}),
                         stream[port].get<std::uint16_t>()};
  };
  return {endpoint("src", "sport"), endpoint("dst", "dport"),
          static_cast<std::uint32_t>(std::stoul(stream["ssrc"].get<std::string>(), nullptr, 16))};
}

/// What of a stream is compared. Jitter in ms.
struct Figures {
  std::uint64_t packets = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  double jitter_mean = 0;
  double jitter_highest = 0;
};

/// Where we say something else, and are right: docs/tshark-differences.md.
const std::map<std::pair<std::string, std::string>, std::pair<Figures, const char*>> kDifferences{
    {{"asterisk-ulaw-dtmf-sll.pcap", "0x34d01d16"}, {{974, 0, 0, 3.850, 6.775}, "events"}},
    {{"sip-dtmf2.pcap", "0x5711bf84"}, {{666, 0, 0, 0.009, 0.015}, "events"}},
    {{"fax-t38-megaco-sip.pcap", "0x0eaf0eaf"}, {{3848, 0, 0, 0.749, 15.523}, "RTP taken for T.38"}},
    {{"fax-t38-megaco-sip.pcap", "0x17d90134"}, {{3147, 0, 0, 0.386, 15.333}, "another time base"}},
    {{"ndpi-rtp-vlan.pcapng", "0x00001646"}, {{15, 0, 0, 0.844, 1.431}, "first values"}},
    {{"rtpproxy-dups-a.pcap", "0xae9dd7af"}, {{384, 0, 1, 0.056, 1.184}, "first values"}},
};

void expect_jitter(const rtp::Report& report, double mean, double highest) {
  constexpr double kTolerance = 0.02;
  constexpr double kRounding = 0.001;  // the truth has three digits
  if (mean == 0 && highest == 0) {     // tshark knows no clock rate
    EXPECT_TRUE(report.clock_guessed || !report.jitter);
    return;
  }
  ASSERT_TRUE(report.jitter);
  EXPECT_NEAR(report.jitter->mean * 1e3, mean, kTolerance * mean + kRounding);
  EXPECT_NEAR(report.jitter->highest * 1e3, highest, kTolerance * highest + kRounding);
}

class RtpStreams : public testing::TestWithParam<std::string> {};

TEST_P(RtpStreams, HavePacketsLossesAndJitterOfTheTruth) {
  const nlohmann::json truth = nlohmann::json::parse(truth_of(GetParam()));
  Streams streams;
  read_streams(GetParam(), streams);
  std::map<Key, nlohmann::json> tshark;
  for (const char* by : {"rtp_heuristic", "rtp_sip_driven"})
    for (const nlohmann::json& stream : truth[by]["streams"]) tshark[key_of(stream)] = stream;
  for (const nlohmann::json& stream : truth["rtp_sequence"]["streams"]) {
    const Key key = key_of(stream);
    if (key.source.port == 0) continue;  // RTP in TURN over TCP, which is not looked into
    SCOPED_TRACE(text_of(key));
    const auto found = streams.all.find(key);
    ASSERT_NE(found, streams.all.end());
    const rtp::Report report = found->second.report();
    Figures expected{stream["packets"], stream["missing"], stream["duplicates"]};
    if (const auto theirs = tshark.find(key); theirs != tshark.end()) {
      expected.jitter_mean = theirs->second["mean_jitter_ms"];
      expected.jitter_highest = theirs->second["max_jitter_ms"];
    }
    const auto differs = kDifferences.find({GetParam(), stream["ssrc"]});
    if (differs != kDifferences.end()) expected = differs->second.first;
    EXPECT_EQ(report.packets, expected.packets);
    EXPECT_EQ(report.lost, expected.lost);
    EXPECT_EQ(report.duplicates, expected.duplicates);
    EXPECT_EQ(report.resets, 0U);
    EXPECT_EQ(report.strays, 0U);
    expect_jitter(report, expected.jitter_mean, expected.jitter_highest);
  }
}

INSTANTIATE_TEST_SUITE_P(All, RtpStreams, testing::ValuesIn(captures()),
                         [](const auto& capture) { return test_name(capture.param); });

}  // namespace
}  // namespace viaduct::corpus
