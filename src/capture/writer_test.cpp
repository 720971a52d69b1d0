// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

namespace viaduct::capture {
namespace {

struct Frame {
  std::string octets;
  std::int64_t nanoseconds = 0;
  std::uint32_t more = 0;  ///< octets that were not captured
  LinkType link = LinkType::ethernet;
};

/// Writes frames, reads them again and holds them against what was to be written.
void check_round_trip(const std::vector<Frame>& frames, Format format) {
  const std::string path = std::filesystem::temp_directory_path() / ("viaduct_writer_test." + std::to_string(getpid()));
  std::expected<CaptureWriter, int> writer = CaptureWriter::create(path, format, LinkType::ethernet);
  RC_ASSERT(writer.has_value());
  for (const Frame& frame : frames) {
    Record record;
    record.frame = frame.octets;
    record.time = Time(base::Duration(frame.nanoseconds));
    record.link = frame.link;
    record.original_length = static_cast<std::uint32_t>(frame.octets.size()) + frame.more;
    writer->write(record);
  }
  RC_ASSERT(writer->frames() == frames.size());
  RC_ASSERT(writer->close() == 0);
  std::expected<CaptureReader, int> reader = CaptureReader::open(path);
  RC_ASSERT(reader.has_value());
  Record record;
  for (const Frame& frame : frames) {
    RC_ASSERT(reader->next(record));
    RC_ASSERT(record.frame == frame.octets);
    RC_ASSERT(record.time == Time(base::Duration(frame.nanoseconds)));
    RC_ASSERT(record.link == frame.link);
    RC_ASSERT(record.original_length == frame.octets.size() + frame.more);
  }
  RC_ASSERT(!reader->next(record));
  RC_ASSERT(!reader->cut());
  RC_ASSERT(reader->format() == format);
  std::filesystem::remove(path);
}

[[nodiscard]] std::vector<Frame> some_frames(std::int64_t latest, bool one_link) {
  const auto sizes = *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
  std::vector<Frame> frames;
  for (const std::uint8_t size : sizes) {
    Frame frame;
    frame.octets.assign(size, static_cast<char>(*rc::gen::arbitrary<char>()));
    frame.nanoseconds = *rc::gen::inRange<std::int64_t>(0, latest);
    frame.more = *rc::gen::inRange<std::uint32_t>(0, 2000);
    if (!one_link) frame.link = *rc::gen::element(LinkType::ethernet, LinkType::raw, LinkType::linux_sll2);
    frames.push_back(std::move(frame));
  }
  return frames;
}

RC_GTEST_PROP(CaptureWriter, WritesPcapThatReadsAsItWas, ()) {
  check_round_trip(some_frames(4294967296LL * 1000000000, true), Format::pcap);
}

RC_GTEST_PROP(CaptureWriter, WritesPcapngOfSeveralLinkTypes, ()) {
  check_round_trip(some_frames(INT64_MAX / 2, false), Format::pcapng);
}

TEST(CaptureWriter, LeavesWhatIsNotOfItsLinkTypeOutOfPcap) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("viaduct_writer_link_test." + std::to_string(getpid()));
  std::expected<CaptureWriter, int> writer = CaptureWriter::create(path, Format::pcap, LinkType::ethernet);
  ASSERT_TRUE(writer);
  Record record;
  record.link = LinkType::raw;
  writer->write(record);
  EXPECT_EQ(writer->frames(), 0U);
  EXPECT_EQ(writer->close(), 0);
  std::filesystem::remove(path);
}

TEST(CaptureWriter, SaysWhatTheSystemRefused) {
  EXPECT_EQ(CaptureWriter::create("/no/such/folder/file", Format::pcap, LinkType::ethernet).error(), ENOENT);
  std::expected<CaptureWriter, int> writer = CaptureWriter::create("/dev/full", Format::pcapng, LinkType::ethernet);
  ASSERT_TRUE(writer);
  EXPECT_EQ(writer->close(), ENOSPC);
}

}  // namespace
}  // namespace viaduct::capture
