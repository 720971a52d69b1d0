// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of a TCP connection each: the framer must find exactly the messages that tshark found.
#include "corpus.hpp"
#include "sip/fields.hpp"
#include "sip/framer.hpp"
#include "sip/message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace viaduct::corpus {
namespace {

// One stream carries a body of 64 KiB.
constexpr std::size_t kMaxMessage = 1U << 20;

struct Cut {
  std::vector<std::string> messages;
  std::string rest;
  bool invalid = false;
};

/// Feeds the stream in pieces of `piece` octets, as a socket would.
[[nodiscard]] Cut cut(const std::string& stream, std::size_t piece) {
  Cut result;
  std::size_t fed = 0;
  while (!result.invalid) {
    const sip::Frame frame = sip::next_frame(result.rest, kMaxMessage);
    if (frame.outcome == sip::FrameOutcome::complete) {
      if (frame.kind == sip::FrameKind::message) result.messages.push_back(result.rest.substr(0, frame.consumed));
      result.rest.erase(0, frame.consumed);
      continue;
    }
    result.invalid = frame.outcome == sip::FrameOutcome::invalid;
    if (fed == stream.size()) break;
    result.rest += stream.substr(fed, piece);
    fed = std::min(fed + piece, stream.size());
  }
  return result;
}

/// "INVITE CALL-ID" or "200 CALL-ID", which is what the truth has too.
[[nodiscard]] std::string name_of(const std::string& octets) {
  const sip::Result<sip::Message> m = sip::parse(octets);
  if (!m) return "unreadable";
  const sip::Result<base::Range> id = sip::call_id(*m);
  const std::string head = m->is_request() ? std::string(m->text(m->method_text())) : std::to_string(m->status());
  return head + " " + (id ? std::string(m->text(*id)) : "no Call-ID");
}

[[nodiscard]] std::vector<std::filesystem::path> streams_of(const std::string& capture) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::directory_entry& entry :
       std::filesystem::directory_iterator(sip_folder() / "tcp-streams"))
    if (entry.path().filename().string().starts_with(capture)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class TcpStreams : public testing::TestWithParam<const char*> {};

TEST_P(TcpStreams, AreCutIntoTheMessagesThatTsharkFound) {
  std::vector<std::string> found;
  const std::vector<std::filesystem::path> files = streams_of(GetParam());
  ASSERT_FALSE(files.empty());
  for (const std::filesystem::path& file : files) {
    const Cut whole = cut(read_file(file), std::string::npos / 2);
    EXPECT_FALSE(whole.invalid) << file;
    EXPECT_EQ(whole.rest, "") << file;
    for (const std::string& octets : whole.messages) found.push_back(name_of(octets));
  }
  std::vector<std::string> expected;
  const std::filesystem::path truth = std::filesystem::path(VIADUCT_CORPUS_DIR) / "truth";
  for (const Row& row : read_tsv(truth / (std::string(GetParam()) + ".pcap.sip.tsv")))
    if (row.at("transport") == "tcp") expected.push_back(row.at("method") + row.at("status") + " " + row.at("call_id"));
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found, expected);
}

TEST_P(TcpStreams, SplitsDoNotMatter) {
  for (const std::filesystem::path& file : streams_of(GetParam())) {
    const std::string stream = read_file(file);
    const Cut whole = cut(stream, std::string::npos / 2);
    for (std::size_t piece : {1U, 2U, 7U, 536U, 1448U}) {
      if (piece < 7 && stream.size() > 40000) continue;  // quadratic, and the shorter streams show the same
      const Cut pieces = cut(stream, piece);
      EXPECT_TRUE(pieces.messages == whole.messages) << file << " in pieces of " << piece;
    }
  }
}

[[nodiscard]] std::string test_name(const testing::TestParamInfo<const char*>& stream) {
  std::string name = stream.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, TcpStreams,
                         testing::Values("pcapplusplus-sip-resp", "sip-tcp-in-ipip", "sip-tcp-segmented-port6060",
                                         "suricata-sip-body-large-tcp-null"),
                         test_name);

}  // namespace
}  // namespace viaduct::corpus
