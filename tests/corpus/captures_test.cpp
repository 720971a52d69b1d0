// SPDX-License-Identifier: GPL-2.0-or-later
// Captures of other people: as many frames as capinfos counts, and the SIP messages that tshark finds.
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "corpus.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace viaduct::corpus {
namespace {

/// "INVITE" or "200", and how many of them.
using Tally = std::map<std::string, int>;

/// Why tshark's count is another one than ours; the difference is ours minus theirs.
struct Difference {
  Tally sip;
  const char* why;
};
const std::map<std::string, Difference> kDifferences{
    {"ipfixprobe-sip.pcap", {{{"INVITE", -5}}, "tshark counts what ICMP errors quote, which nobody sent there"}},
    {"sip-sctp-isup-sll.pcap",
     {{{"INVITE", -1}, {"ACK", -1}, {"100", -1}, {"403", -1}}, "chunks of SCTP are not put together"}},
};

class Counter final : public capture::Receiver {
 public:
  void arrived(const capture::Arrival& arrival) override {
    if (!capture::looks_like_sip(arrival.octets, arrival.cut())) return;
    base::Bytes line = arrival.octets.substr(arrival.octets.find_first_not_of("\r\n"));
    if (line.starts_with("SIP/")) line.remove_prefix(line.find(' ') + 1);
    ++(arrival.hep != nullptr ? hep : sip)[std::string(line.substr(0, line.find_first_of(" \r\n")))];
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override { ++incomplete_packets; }
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {
    ++lost;
  }
  Tally sip;
  Tally hep;
  int incomplete_packets = 0;
  int lost = 0;
};

/// Reads a whole capture and returns how many frames it has.
std::uint64_t read_capture(const std::string& name, Counter& counter) {
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(capture_path(name));
  if (!reader) return 0;
  capture::Unwrapper unwrapper(counter);
  for (capture::Record record; reader->next(record);) unwrapper.add(record);
  unwrapper.finish();
  EXPECT_EQ(reader->cut(), std::nullopt) << name;
  EXPECT_EQ(unwrapper.counts().unknown_link, 0U) << name;
  return unwrapper.counts().frames;
}

class Captures : public testing::TestWithParam<std::string> {};

TEST_P(Captures, HaveTheFramesAndMessagesThatTsharkFinds) {
  const nlohmann::json truth = nlohmann::json::parse(truth_of(GetParam()));
  Counter counter;
  EXPECT_EQ(std::to_string(read_capture(GetParam(), counter)),
            truth["capture"]["Number of packets"].get<std::string>());
  Tally expected;
  for (const char* kind : {"requests", "responses"})
    for (const auto& [name, count] : truth["sip"][kind].items()) expected[name] += count.get<int>();
  const auto known = kDifferences.find(GetParam());
  const bool differs = known != kDifferences.end();
  if (differs)
    for (const auto& [name, count] : known->second.sip) expected[name] += count;
  std::erase_if(expected, [](const auto& entry) { return entry.second == 0; });
  EXPECT_EQ(counter.sip, expected) << (differs ? known->second.why : "");
}

INSTANTIATE_TEST_SUITE_P(All, Captures, testing::ValuesIn(captures()),
                         [](const auto& capture) { return test_name(capture.param); });

TEST(HepCapture, HasThePacketsOfTheTruth) {
  const nlohmann::json truth = nlohmann::json::parse(truth_of("hep3-sip.pcap"));
  struct Lines final : capture::Receiver {
    void arrived(const capture::Arrival& a) override {
      ASSERT_NE(a.hep, nullptr);
      found.push_back(a.source.to_text() + " " + a.destination.to_text() + " " + std::to_string(a.octets.size()) + " " +
                      std::to_string(static_cast<int>(a.hep->content)) + " " + std::to_string(a.hep->agent));
    }
    void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
    void incomplete(const capture::FragmentTable::Incomplete&) override {}
    void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes,
                     std::uint64_t) override {}
    std::vector<std::string> found;
  } lines;
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(capture_path("hep3-sip.pcap"));
  ASSERT_TRUE(reader);
  capture::Unwrapper unwrapper(lines);
  for (capture::Record record; reader->next(record);) unwrapper.add(record);
  unwrapper.finish();
  std::vector<std::string> expected;
  for (const nlohmann::json& p : truth["hep3"]["packets"])
    expected.push_back(p["src"].get<std::string>() + ":" + std::to_string(p["src_port"].get<int>()) + " " +
                       p["dst"].get<std::string>() + ":" + std::to_string(p["dst_port"].get<int>()) + " " +
                       std::to_string(p["payload_bytes"].get<int>()) + " " +
                       std::to_string(p["payload_protocol"].get<int>()) + " " +
                       std::to_string(p["capture_id"].get<int>()));
  EXPECT_EQ(lines.found, expected);
}

}  // namespace
}  // namespace viaduct::corpus
