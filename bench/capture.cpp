// SPDX-License-Identifier: GPL-2.0-or-later
// How long it takes to read a capture, beside `capinfos -c`: 100 calls of 60 s, both directions, 600 200 packets.
// usage: bench_capture [FILE]   without FILE one is made in the folder for temporary files
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <string>
#include <vector>

namespace {

using namespace viaduct;
using Clock = std::chrono::steady_clock;

constexpr int kRuns = 9;
constexpr int kCalls = 100;
constexpr int kPacketsADirection = 3000;

std::string big_endian(std::uint64_t value, int octets) {
  std::string text;
  for (int i = octets - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string host_order(std::uint32_t value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string record(std::uint64_t microseconds, int call, bool outward, int port, const std::string& payload) {
  const auto address = [](int host) { return big_endian(0x0a000000U + static_cast<unsigned>(host), 4); };
  const std::string udp = big_endian(static_cast<unsigned>(port), 2) + big_endian(static_cast<unsigned>(port), 2) +
                          big_endian(8 + payload.size(), 2) + big_endian(0, 2) + payload;
  const std::string ip = "\x45\xb8" + big_endian(20 + udp.size(), 2) + big_endian(0x00014000, 4) + "\x40\x11" +
                         big_endian(0, 2) + (outward ? address(call) + address(9999) : address(9999) + address(call));
  const std::string frame = std::string("\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14) + ip + udp;
  const std::uint32_t size = static_cast<std::uint32_t>(frame.size());
  return host_order(1700000000 + static_cast<std::uint32_t>(microseconds / 1000000)) +
         host_order(static_cast<std::uint32_t>(microseconds % 1000000)) + host_order(size) + host_order(size) + frame;
}

std::string rtp(int call, bool outward, int number) {
  return big_endian(0x8008, 2) + big_endian(static_cast<unsigned>(number), 2) +
         big_endian(static_cast<unsigned>(number) * 160U, 4) +
         big_endian(static_cast<unsigned>(call) * 2U + (outward ? 1 : 0), 4) + std::string(160, '\xd5');
}

void make(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << host_order(0xa1b2c3d4) << host_order(0x00040002) << host_order(0) << host_order(0) << host_order(262144)
       << host_order(1);
  for (int call = 1; call <= kCalls; ++call)
    for (const char* line : {"INVITE sip:b SIP/2.0\r\nCall-ID: ", "BYE sip:b SIP/2.0\r\nCall-ID: "})
      file << record(0, call, true, 5060, line + std::to_string(call) + "\r\n\r\n");
  for (int number = 0; number < kPacketsADirection; ++number)
    for (int call = 1; call <= kCalls; ++call)
      for (const bool outward : {true, false})
        file << record(
            static_cast<std::uint64_t>(number) * 20000 + static_cast<std::uint64_t>(call) * 100 + (outward ? 0U : 50U),
            call, outward, 10000 + 2 * call, rtp(call, outward, number));
}

capture::CaptureReader reader_of(const std::string& path) {
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(path);
  if (reader) return std::move(*reader);
  std::perror(path.c_str());
  std::exit(1);
}

std::uint64_t sink = 0;  ///< what the compiler must not leave out

std::uint64_t read_only(const std::string& path) {
  capture::CaptureReader reader = reader_of(path);
  capture::Record record;
  while (reader.next(record)) sink += record.frame.size();
  return record.number;
}

std::uint64_t read_and_decode(const std::string& path) {
  capture::CaptureReader reader = reader_of(path);
  capture::Record record;
  capture::Packet packet;
  while (reader.next(record)) {
    sink += static_cast<std::uint64_t>(capture::decode(record.link, record.frame, packet));
    sink += packet.payload.length;
  }
  return record.number;
}

struct Classifier final : capture::Receiver {
  void arrived(const capture::Arrival& arrival) override {
    ++counts[static_cast<int>(capture::classify(arrival.octets))];
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override {}
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {}
  std::uint64_t counts[16]{};
};

std::uint64_t everything(const std::string& path) {
  capture::CaptureReader reader = reader_of(path);
  Classifier classifier;
  capture::Unwrapper unwrapper(classifier);
  capture::Record record;
  while (reader.next(record)) unwrapper.add(record);
  unwrapper.finish();
  sink += classifier.counts[static_cast<int>(capture::Content::rtp)];
  return record.number;
}

std::uint64_t capinfos(const std::string& path) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  std::string arguments[] = {"capinfos", "-c", path};
  char* list[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  pid_t child = 0;
  int status = posix_spawnp(&child, "capinfos", &actions, nullptr, list, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (status == 0) waitpid(child, &status, 0);
  return status == 0 ? 1 : 0;
}

struct Measured {
  const char* what;
  std::uint64_t (*run)(const std::string&);
  double best = 1e9;
};

}  // namespace

int main(int count, char** arguments) {
  const bool own = count < 2;
  const std::string path =
      own ? (std::filesystem::temp_directory_path() / ("bench_capture." + std::to_string(getpid()) + ".pcap")).string()
          : arguments[1];
  if (own) make(path);
  const std::uint64_t frames = read_only(path);
  Measured all[] = {{"read", read_only},
                    {"read, decode", read_and_decode},
                    {"read, decode, reassemble, classify", everything},
                    {"capinfos -c", capinfos}};
  // Turn by turn, so that a busy machine is busy for all of them; the best turn counts.
  bool has_capinfos = true;
  for (int run = 0; run < kRuns; ++run)
    for (Measured& m : all) {
      const Clock::time_point begin = Clock::now();
      const bool done = m.run(path) > 0;
      m.best = std::min(m.best, std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
      has_capinfos = has_capinfos && done;
    }
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  std::printf("%llu frames, %.0f MB, best of %d\n\n| | ms | ns a frame | MB/s |\n|---|---|---|---|\n",
              static_cast<unsigned long long>(frames), megabytes, kRuns);
  for (const Measured& m : all)
    if (has_capinfos || m.run != capinfos)
      std::printf("| %s | %.1f | %.1f | %.0f |\n", m.what, m.best, m.best * 1e6 / static_cast<double>(frames),
                  megabytes / m.best * 1e3);
  if (own) std::filesystem::remove(path);
  return sink == 0 ? 1 : 0;
}
