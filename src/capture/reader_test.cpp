// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/reader.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>
#include <zlib.h>
#include <zstd.h>

namespace viaduct::capture {
namespace {

using namespace std::string_literals;

/// Writes numbers in the byte order of a file.
struct Writer {
  bool big = false;

  [[nodiscard]] std::string number(std::uint64_t value, int octets) const {
    std::string text;
    for (int i = 0; i < octets; ++i) text += static_cast<char>(value >> (8 * (big ? octets - 1 - i : i)));
    return text;
  }
  [[nodiscard]] std::string u16(std::uint64_t value) const { return number(value, 2); }
  [[nodiscard]] std::string u32(std::uint64_t value) const { return number(value, 4); }
  [[nodiscard]] std::string u64(std::uint64_t value) const { return number(value, 8); }

  [[nodiscard]] std::string pcap(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1) const {
    return u32(magic) + u16(2) + u16(4) + u32(0) + u32(0) + u32(65535) + u32(link);
  }
  [[nodiscard]] std::string record(std::uint32_t seconds, std::uint32_t fraction, const std::string& frame,
                                   std::uint32_t original = 0, const std::string& more = "") const {
    return u32(seconds) + u32(fraction) + u32(frame.size()) + u32(original == 0 ? frame.size() : original) + more +
           frame;
  }

  [[nodiscard]] std::string block(std::uint32_t type, const std::string& body) const {
    const std::string padded = body + std::string((4 - body.size() % 4) % 4, '\0');
    return u32(type) + u32(padded.size() + 12) + padded + u32(padded.size() + 12);
  }
  [[nodiscard]] std::string option(int code, const std::string& value) const {
    return u16(static_cast<std::uint64_t>(code)) + u16(value.size()) + value +
           std::string((4 - value.size() % 4) % 4, '\0');
  }
  [[nodiscard]] std::string section(const std::string& options = "") const {
    return block(0x0a0d0d0a, u32(0x1a2b3c4d) + u16(1) + u16(0) + u64(~0ULL) + options);
  }
  [[nodiscard]] std::string interface(int link, std::uint32_t snap = 0, const std::string& options = "") const {
    return block(1, u16(static_cast<std::uint64_t>(link)) + u16(0) + u32(snap) + options);
  }
  [[nodiscard]] std::string packet(std::uint32_t interface_id, std::uint64_t ticks, const std::string& frame,
                                   const std::string& options = "") const {
    return block(6, u32(interface_id) + u32(ticks >> 32) + u32(ticks) + u32(frame.size()) + u32(frame.size()) + frame +
                        std::string((4 - frame.size() % 4) % 4, '\0') + options);
  }
};

const Writer kLittle{false};
const Writer kBig{true};

/// An inflow that gives at most `piece` octets at once.
class Trickle final : public Inflow {
 public:
  Trickle(std::string octets, std::size_t piece) : octets_(std::move(octets)), piece_(piece) {}
  std::size_t read(char* into, std::size_t room) override {
    const std::size_t size = octets_.copy(into, std::min(room, piece_), at_);
    at_ += size;
    return size;
  }

 private:
  std::string octets_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

/// All that a reader says, one line for each frame, then the cut.
std::string show(CaptureReader& reader) {
  std::string text;
  for (Record r; reader.next(r);) {
    const long long since = r.time.time_since_epoch().count();
    text += std::to_string(r.number) + " if" + std::to_string(r.interface) + " link" +
            std::to_string(static_cast<int>(r.link)) + " " + (r.timed ? std::to_string(since) : "no time") + " '" +
            std::string(r.frame) + "'";
    if (r.original_length != r.frame.size()) text += " of " + std::to_string(r.original_length);
    if (!r.comment.empty()) text += " (" + std::string(r.comment) + ")";
    text += " @" + std::to_string(r.offset) + "\n";
  }
  if (reader.cut())
    text += "cut at " + std::to_string(reader.cut()->offset) + ": " + std::string(capture::text(reader.cut()->reason));
  return text;
}

std::string read(const std::string& file, std::size_t piece = 1U << 20) {
  CaptureReader reader(std::make_unique<Trickle>(file, piece));
  return show(reader);
}

std::string gzip(const std::string& plain) {
  std::string packed(compressBound(plain.size()) + 64, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in = plain;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& plain) {
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3));
  return packed;
}

TEST(Reader, ReadsEveryKindOfPcap) {
  for (const Writer& w : {kLittle, kBig}) {
    EXPECT_EQ(read(w.pcap() + w.record(1, 2, "abcd") + w.record(3, 999999, "", 60) + w.record(4, 0, "ef", 1500)),
              "1 if0 link1 1000002000 'abcd' @40\n"
              "2 if0 link1 3999999000 '' of 60 @60\n"
              "3 if0 link1 4000000000 'ef' of 1500 @76\n");
    EXPECT_EQ(read(w.pcap(0xa1b23c4d, 0x14000071) + w.record(1700000000, 123456789, "abcd")),
              "1 if0 link113 1700000000123456789 'abcd' @40\n");
    EXPECT_EQ(read(w.pcap(0xa1b2cd34) + w.record(1, 2, "abcd", 0, "8 octets")), "1 if0 link1 1000002000 'abcd' @48\n");
    EXPECT_EQ(read(w.pcap()), "");
  }
  EXPECT_EQ(read(kLittle.pcap() + kLittle.record(0xffffffff, 0, "x")), "1 if0 link1 4294967295000000000 'x' @40\n");
}

TEST(Reader, RefusesWhatIsNoCapture) {
  const std::string refused = "cut at 0: this is neither pcap nor pcapng";
  for (const std::string& file :
       {""s, "\n"s, "PK\3\4 rubbish"s, gzip("hello"), "\x0a\x0d\x0d\x0a" + std::string(40, 'x')})
    EXPECT_EQ(read(file), refused);
}

TEST(Reader, ReadsPcapUpToTheCut) {
  const std::string first = kLittle.pcap() + kLittle.record(1, 2, "abcd");
  const std::string whole = first + kLittle.record(1, 2, "efgh");
  const std::string line = "1 if0 link1 1000002000 'abcd' @40\n";
  const std::string cut = "cut at 44: the file ends in the middle of a record";
  EXPECT_EQ(read(first), line);
  for (std::size_t size = first.size() + 1; size < whole.size(); ++size)
    EXPECT_EQ(read(whole.substr(0, size)), line + cut) << size;
  EXPECT_EQ(read(first + kLittle.u64(0) + kLittle.u32(262145) + kLittle.u32(262145) + std::string(300000, 'x')),
            line + "cut at 44: a record claims a length that no frame has");
  EXPECT_EQ(read(kLittle.pcap().substr(0, 23)), "cut at 0: the file ends in the middle of a record");
}

/// Two sections in different byte orders, of which the first has every kind of block.
std::string rich() {
  const Writer& a = kLittle;
  const Writer& b = kBig;
  const std::string nanoseconds = a.option(9, "\x09");
  const std::string halves = b.option(9, "\x81") + b.option(14, b.u64(1000)) + b.option(2, "wan0");
  return a.section(a.option(1, "made by hand") + a.option(4, "test")) +
         a.interface(1, 0, a.option(2, "eth0") + a.option(3, "inside") + a.option(1, "why") + a.option(0, "")) +
         a.interface(101, 3, nanoseconds) +
         a.packet(0, 1700000000000001, "abcde", a.option(1, "look") + a.option(4, a.u64(7))) +
         a.block(0x0bad, "unknown") + a.packet(1, 1700000000000000001, "ip") + a.block(3, a.u32(9) + "ninebytes") +
         a.block(2, a.u16(1) + a.u16(5) + a.u32(0) + a.u32(42) + a.u32(2) + a.u32(4) + "xy") + a.block(4, "names") +
         a.block(5, a.u32(0) + a.u64(0) + a.option(4, a.u64(100)) + a.option(5, a.u64(3)) + a.option(7, a.u64(2))) +
         b.section(b.option(1, "second")) + b.interface(276, 0, halves) + b.packet(0, 3, "late") +
         b.block(0x40000bad, std::string(100, 'c'));
}

TEST(Reader, ReadsPcapng) {
  CaptureReader reader(std::make_unique<Trickle>(rich(), 1U << 20));
  std::string said = show(reader);
  EXPECT_EQ(said,
            "1 if0 link1 1700000000000001000 'abcde' (look) @160\n"
            "2 if1 link101 1700000000000000001 'ip' @240\n"
            "3 if0 link1 no time 'ninebytes' @260\n"
            "4 if1 link101 42 'xy' of 4 @304\n"
            "5 if2 link276 1001500000000 'late' @508\n");
  EXPECT_EQ(rich().find("abcde"), 160U);
  EXPECT_EQ(rich().find("late"), 508U);
  ASSERT_EQ(reader.interfaces().size(), 3U);
  const Interface& first = reader.interfaces()[0];
  EXPECT_EQ(first.name + "," + first.description + "," + first.comment, "eth0,inside,why");
  EXPECT_EQ(first.frames, 2U);
  EXPECT_EQ(first.dropped_beside_frames, 7U);
  EXPECT_EQ(first.received, 100U);
  EXPECT_EQ(first.dropped, 3U);
  EXPECT_EQ(first.dropped_by_system, 2U);
  EXPECT_EQ(reader.interfaces()[1].dropped_beside_frames, 5U);
  EXPECT_EQ(reader.interfaces()[1].dropped, std::nullopt);
  EXPECT_EQ(reader.interfaces()[1].snap_length, 3U);
  EXPECT_EQ(reader.interfaces()[2].name, "wan0");
  EXPECT_EQ(reader.interfaces()[2].section, 2U);
  EXPECT_EQ(reader.comments(), (std::vector<std::string>{"made by hand", "second"}));
  EXPECT_EQ(reader.format(), Format::pcapng);
}

TEST(Reader, SimplePacketsEndAtTheSnapLength) {
  const Writer& w = kBig;
  EXPECT_EQ(read(w.section() + w.interface(1, 4) + w.block(3, w.u32(9) + "nine")),
            "1 if0 link1 no time 'nine' of 9 @60\n");
}

TEST(Reader, ReadsPcapngUpToTheCut) {
  const Writer& w = kLittle;
  const std::string good = w.section() + w.interface(1) + w.packet(0, 5, "abcd");
  const std::string line = "1 if0 link1 5000 'abcd' @76\n";
  const std::string more = w.packet(0, 6, "efgh");
  ASSERT_EQ(good.size(), 84U);
  for (std::size_t size = 1; size < more.size(); ++size)
    EXPECT_EQ(read(good + more.substr(0, size)), line + "cut at 84: the file ends in the middle of a record") << size;
  EXPECT_EQ(read(good + w.block(0xbad, std::string(99, 'x')).substr(0, 60)),
            line + "cut at 84: the file ends in the middle of a record");
  std::string lying = more;
  lying[lying.size() - 4] = 1;
  EXPECT_EQ(read(good + lying), line + "cut at 84: the lengths inside a block contradict each other");
  EXPECT_EQ(read(good + w.packet(1, 6, "x")), line + "cut at 84: a frame names an interface that was not described");
  std::string longer = more;
  longer[20] = 9;  // captured length, of a block with room for four
  EXPECT_EQ(read(good + longer), line + "cut at 84: the lengths inside a block contradict each other");
  EXPECT_EQ(read(good + w.u32(6) + w.u32(11) + more),
            line + "cut at 84: the lengths inside a block contradict each other");
  EXPECT_EQ(read(good + w.u32(6) + w.u32(0x7ffffff0) + more),
            line + "cut at 84: a record claims a length that no frame has");
  std::string interfaces = good;
  for (std::size_t i = 0; i < CaptureReader::kMaxInterfaces; ++i) interfaces += w.interface(1);
  EXPECT_EQ(read(interfaces + w.packet(0, 6, "x")),
            line + "cut at " + std::to_string(84 + 20 * 4095) + ": there are more interfaces than this program takes");
}

TEST(Reader, UnpacksByContent) {
  std::mt19937 noise;  // does not compress, so that the packed file is larger than any buffer
  std::string plain = kLittle.pcap();
  std::string expected;
  for (int i = 1; i <= 3000; ++i) {
    std::string frame = std::to_string(i) + ":";
    for (int n = i % 700; n > 0; --n) frame += static_cast<char>(noise());
    expected += std::to_string(i) + " if0 link1 " + std::to_string(i) + "000000000 '" + frame + "' @" +
                std::to_string(plain.size() + 16) + "\n";
    plain += kLittle.record(static_cast<std::uint32_t>(i), 0, frame);
  }
  const std::size_t half = plain.size() / 2;
  const std::string skippable = "\x50\x2a\x4d\x18\4\0\0\0skip"s;
  const std::string members = gzip(plain.substr(0, half)) + gzip(plain.substr(half));
  EXPECT_EQ(read(plain), expected);
  ASSERT_GT(gzip(plain).size(), 1000000U);
  EXPECT_EQ(read(gzip(plain)), expected);
  EXPECT_EQ(read(zstd(plain)), expected);
  EXPECT_EQ(read(members + std::string(512, '\0')), expected);
  EXPECT_EQ(read(skippable + zstd(plain.substr(0, half)) + skippable + zstd(plain.substr(half))), expected);
  EXPECT_EQ(read(gzip(plain), 1), expected);
  EXPECT_EQ(read(zstd(plain), 1), expected);
}

TEST(Reader, ReadsCompressedFilesUpToTheCut) {
  std::string plain = kLittle.pcap();
  for (int i = 0; i < 1000; ++i) plain += kLittle.record(1, 2, std::to_string(i * 7919 % 1000));
  const std::string all = read(plain);
  for (const std::string& packed : {gzip(plain), zstd(plain)}) {
    const std::string said = read(packed.substr(0, packed.size() - 9));
    const std::size_t end = said.find("cut at ");
    ASSERT_NE(end, std::string::npos);
    EXPECT_TRUE(all.starts_with(said.substr(0, end)));
    EXPECT_TRUE(said.ends_with(": the compressed data end in their middle")) << said.substr(end);
  }
  std::string broken = gzip(plain);
  broken[broken.size() / 2] ^= 0x55;
  EXPECT_TRUE(read(broken).ends_with(": the compressed data are damaged"));
  EXPECT_EQ(read("\x1f\x8b rubbish"), "cut at 0: the compressed data are damaged");
}

TEST(Reader, TheSizeOfPiecesDoesNotMatter) {
  for (const std::string& file : {rich(), gzip(rich()), zstd(rich()), kBig.pcap() + kBig.record(1, 2, "abcd")})
    for (std::size_t piece : {1U, 3U, 13U, 100U}) EXPECT_EQ(read(file, piece), read(file)) << piece;
}

TEST(Reader, FramesLargerThanOneChunk) {
  const std::string large(CaptureReader::kMaxFrame, 'x');
  const std::string file = kLittle.pcap() + kLittle.record(1, 0, large) + kLittle.record(2, 0, "y");
  EXPECT_EQ(read(file), "1 if0 link1 1000000000 '" + large + "' @40\n2 if0 link1 2000000000 'y' @" +
                            std::to_string(40 + large.size() + 16) + "\n");
}

TEST(Reader, OpensFilesAndDescriptors) {
  const std::string path = testing::TempDir() + "reader_test.pcap";
  std::ofstream(path, std::ios::binary) << kLittle.pcap() + kLittle.record(1, 2, "abcd");
  std::expected<CaptureReader, int> reader = CaptureReader::open(path);
  ASSERT_TRUE(reader);
  EXPECT_EQ(show(*reader), "1 if0 link1 1000002000 'abcd' @40\n");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string packed = gzip(kLittle.pcap() + kLittle.record(1, 2, "abcd"));
  ASSERT_EQ(write(ends[1], packed.data(), packed.size()), static_cast<ssize_t>(packed.size()));
  close(ends[1]);
  CaptureReader piped(inflow_of_descriptor(ends[0], true));
  EXPECT_EQ(show(piped), "1 if0 link1 1000002000 'abcd' @40\n");
  EXPECT_EQ(CaptureReader::open(path + ".missing").error(), ENOENT);
  CaptureReader folder(inflow_of_descriptor(-1, false));
  EXPECT_EQ(show(folder), "cut at 0: the system could not read on");
  std::remove(path.c_str());
}

TEST(Ticks, EveryResolution) {
  const auto nanoseconds = [](Ticks ticks, std::uint64_t count) {
    return ticks.time(count).time_since_epoch().count();
  };
  EXPECT_EQ(nanoseconds(Ticks(), 1700000000123456), 1700000000123456000);
  EXPECT_EQ(nanoseconds(Ticks(0), 17), 17000000000);
  EXPECT_EQ(nanoseconds(Ticks(9), 1700000000123456789), 1700000000123456789);
  EXPECT_EQ(nanoseconds(Ticks(12), 5123456), 5123);
  EXPECT_EQ(nanoseconds(Ticks(0x80 | 10), 1536), 1500000000);
  EXPECT_EQ(nanoseconds(Ticks(0x80 | 60), (std::uint64_t{3} << 60) + (std::uint64_t{1} << 59)), 3500000000);
  EXPECT_EQ(nanoseconds(Ticks(6, 3600), 1), 3600000001000);
  EXPECT_EQ(nanoseconds(Ticks(6, -1), 1), -999999000);
  EXPECT_EQ(nanoseconds(Ticks(0), ~0ULL), Ticks::kLast);
  EXPECT_EQ(nanoseconds(Ticks(6, INT64_MAX), 1), Ticks::kLast);
  EXPECT_EQ(nanoseconds(Ticks(6, INT64_MIN), 1), Ticks::kFirst);
  EXPECT_EQ(nanoseconds(Ticks(100), 1), 0);
  EXPECT_EQ(nanoseconds(Ticks(0xff), ~0ULL), 0);
}

}  // namespace
}  // namespace viaduct::capture
