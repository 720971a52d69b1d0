// SPDX-License-Identifier: GPL-2.0-or-later
// Captures of other people: each SIP message that tshark finds belongs to the call, registration or subscription with
// its Call-ID, by method and status and in its order.
#include "call/signalling.hpp"
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "corpus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace viaduct::corpus {
namespace {

namespace fs = std::filesystem;

/// Call-ID to "INVITE", "200 INVITE" ..., in the order of frames.
using Sequences = std::map<std::string, std::vector<std::string>>;

/// Call-IDs of which our messages differ from tshark's, and why.
const std::map<std::string, const char*> kSkipped{
    {"sip-sctp-isup-sll.pcap", "chunks of SCTP are not put together"},
    {"ipfixprobe-sip.pcap", "tshark counts what ICMP errors quote, which nobody sent there"},
};

class Feeder final : public capture::Receiver {
 public:
  explicit Feeder(call::Signalling& signalling) : signalling_(signalling) {}
  void arrived(const capture::Arrival& arrival) override {
    if (!capture::looks_like_sip(arrival.octets, arrival.cut()) || arrival.hep != nullptr) return;
    call::FrameRef frame;
    frame.number = arrival.frames.back() & 0xffffffffffffU;  // where tshark has a message put together
    signalling_.add(call::sighting_of(arrival, frame));
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override {}
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {}

 private:
  call::Signalling& signalling_;
};

struct Calls final : call::CallReceiver {
  void finished(call::Call&& call) override {
    std::vector<std::string>& sequence = sequences[std::string(call.call_id.view())];
    std::vector<std::pair<std::uint64_t, std::string>> marks;
    for (const call::Event& event : call.events) {
      if (!is_message(event.kind) || event.leg == call::kNoLeg) continue;
      const std::string method(sip::name(event.method));
      marks.emplace_back(event.frame.number, event.status == 0 ? method : std::to_string(event.status) + " " + method);
    }
    std::sort(marks.begin(), marks.end());
    for (const auto& [frame, mark] : marks) sequence.push_back(mark);
    call.shrink(2048);
    EXPECT_LE(call.footprint(), 2048U) << call.call_id.view();
  }
  Sequences sequences;
};

void read_capture(const std::string& name, call::Signalling& signalling) {
  Feeder feeder(signalling);
  std::expected<capture::CaptureReader, int> reader =
      capture::CaptureReader::open(fs::path(VIADUCT_CORPUS_DIR) / "pcap" / name);
  ASSERT_TRUE(reader);
  capture::Unwrapper unwrapper(feeder);
  for (capture::Record record; reader->next(record);) unwrapper.add(record);
  unwrapper.finish();
  signalling.finish();
}

[[nodiscard]] fs::path truth_of(const std::string& name) {
  return fs::path(VIADUCT_CORPUS_DIR) / "truth" / (name + ".sip.tsv");
}

/// What a call's Call-ID carries; of others the requests only.
[[nodiscard]] bool in_call(const std::string& method) {
  static const std::set<std::string> kMethods{"INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE"};
  return kMethods.contains(method);
}

[[nodiscard]] std::string cseq_method(const Row& row) {
  const std::string& cseq = row.at("cseq");
  return cseq.substr(std::min(cseq.rfind(' '), cseq.size() - 1) + 1);
}

class CorpusCalls : public testing::TestWithParam<std::string> {};

TEST_P(CorpusCalls, HaveTheMessagesThatTsharkFinds) {
  std::map<std::string, std::vector<std::pair<std::uint64_t, std::string>>> rows;
  std::set<std::string> with_call;
  std::map<std::string, int> registers;
  for (const Row& row : read_tsv(truth_of(GetParam()))) {
    if (row.at("cseq").empty()) continue;
    const std::string method = cseq_method(row);
    if (in_call(method)) with_call.insert(row.at("call_id"));
    if (row.at("method") == "REGISTER") ++registers["REGISTER"];
    rows[row.at("call_id")].emplace_back(std::stoull(row.at("frame")),
                                         row.at("method").empty() ? row.at("status") + " " + method : method);
  }
  Sequences expected;
  for (auto& [id, marks] : rows) {
    if (!with_call.contains(id)) continue;
    std::sort(marks.begin(), marks.end());
    for (const auto& [frame, mark] : marks) expected[id].push_back(mark);
  }
  Calls calls;
  call::Signalling signalling(calls);
  read_capture(GetParam(), signalling);
  EXPECT_EQ(calls.sequences, expected);
  std::uint64_t requests = 0;
  for (const auto& [key, registration] : signalling.registrations())
    requests += registration.requests + registration.retransmissions;
  EXPECT_EQ(requests, static_cast<std::uint64_t>(registers["REGISTER"]));
}

[[nodiscard]] std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(VIADUCT_CORPUS_DIR) / "truth")) {
    const std::string name = entry.path().filename().string();
    const std::size_t end = name.rfind(".sip.tsv");
    if (end != std::string::npos && !kSkipped.contains(name.substr(0, end))) found.push_back(name.substr(0, end));
  }
  std::sort(found.begin(), found.end());
  return found;
}

[[nodiscard]] std::string test_name(const testing::TestParamInfo<std::string>& capture) {
  std::string name = capture.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CorpusCalls, testing::ValuesIn(names()), test_name);

}  // namespace
}  // namespace viaduct::corpus
