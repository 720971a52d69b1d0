// SPDX-License-Identifier: GPL-2.0-or-later
// How long `viaduct analyze` takes for a capture beside tools that do less, and what memory a finished call keeps.
//
//     bench_analyze [--no-memory] VIADUCT
#include "calls.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using viaduct::bench::CallLoad;
using Command = std::vector<std::string>;

constexpr int kRuns = 9;
constexpr int kSlowRuns = 3;  ///< of tshark, which takes its time

struct Cost {
  double milliseconds = 0;
  long kilobytes = 0;  ///< most memory at once
};

/// One run of a program whose output nobody reads. Ends this one if it does not go well.
Cost run(Command command) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<char*> list;
  for (std::string& word : command) list.push_back(word.data());
  list.push_back(nullptr);
  const Clock::time_point begin = Clock::now();
  pid_t child = 0;
  int status = posix_spawnp(&child, list[0], &actions, nullptr, list.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  rusage used{};
  // Exit code 1 is a verdict of viaduct.
  if (status != 0 || wait4(child, &status, 0, &used) != child || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    std::fprintf(stderr, "bench_analyze: %s does not run\n", command[0].c_str());
    std::exit(1);
  }
  return {std::chrono::duration<double, std::milli>(Clock::now() - begin).count(), used.ru_maxrss};
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

class Capture {
 public:
  explicit Capture(const CallLoad& load)
      : path_(std::filesystem::temp_directory_path() / ("bench_analyze." + std::to_string(getpid()) + ".pcap")) {
    if (viaduct::bench::write_calls(path_, load)) return;
    std::perror(path_.c_str());
    std::exit(1);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string path() const { return path_; }
  [[nodiscard]] double megabytes() const { return static_cast<double>(std::filesystem::file_size(path_)) / 1e6; }

 private:
  std::filesystem::path path_;
};

struct Measured {
  Command command;
  int runs = kRuns;
  std::vector<double> times{};
  long kilobytes = 0;
};

void compare_speed(const std::string& viaduct) {
  const CallLoad load;
  const Capture capture(load);
  std::vector<Measured> all = {{{viaduct, "analyze", capture.path()}},
                               {{"capinfos", "-c", capture.path()}},
                               {{"cat", capture.path()}},
                               {{"tshark", "-q", "-z", "rtp,streams", "-r", capture.path()}, kSlowRuns}};
  // Turn by turn, so that a busy machine is busy for all of them.
  for (int turn = 0; turn < kRuns; ++turn)
    for (Measured& m : all) {
      if (turn >= m.runs) continue;
      const Cost cost = run(m.command);
      m.times.push_back(cost.milliseconds);
      m.kilobytes = std::max(m.kilobytes, cost.kilobytes);
    }
  const int packets = load.calls * (2 * load.packets_a_direction + 6);
  const double ours = median(all[0].times);
  std::printf("%d calls, %d packets, %.0f MB; medians of %d runs (tshark: %d)\n\n", load.calls, packets,
              capture.megabytes(), kRuns, kSlowRuns);
  std::printf("| | ms | ns a packet | MB/s | MB of memory | times viaduct |\n|---|---:|---:|---:|---:|---:|\n");
  for (Measured& m : all) {
    if (m.command[0] == viaduct) m.command[0] = "viaduct";
    const double time = median(m.times);
    std::printf("| %s %s | %.0f | %.0f | %.0f | %.0f | %.2f |\n", m.command[0].c_str(),
                m.command.size() > 2 ? m.command[1].c_str() : "", time, time * 1e6 / packets,
                capture.megabytes() / time * 1e3, static_cast<double>(m.kilobytes) / 1e3, time / ours);
  }
  std::printf("\nviaduct analyze takes %.2f times as long as capinfos -c (target: 2.0)\n", ours / median(all[1].times));
}

/// As many calls live at any time, twice as many of them over: the difference is what one that is over keeps.
void measure_memory(const std::string& viaduct) {
  std::printf("\n| calls | MB | s | MB of memory |\n|---:|---:|---:|---:|\n");
  long kilobytes[2]{};
  constexpr int kCalls = 10000;
  for (const int times : {1, 2}) {
    CallLoad load;
    load.calls = times * kCalls;
    load.packets_a_direction = 215;
    load.between_calls = std::chrono::milliseconds(50);
    const Capture capture(load);
    const Cost cost = run({viaduct, "analyze", capture.path()});
    kilobytes[times - 1] = cost.kilobytes;
    std::printf("| %d | %.0f | %.1f | %.1f |\n", load.calls, capture.megabytes(), cost.milliseconds / 1e3,
                static_cast<double>(cost.kilobytes) / 1e3);
    std::fflush(stdout);
  }
  std::printf("\nA finished call keeps %.0f octets (target: 2048)\n",
              static_cast<double>(kilobytes[1] - kilobytes[0]) * 1024 / kCalls);
}

}  // namespace

int main(int count, char** arguments) {
  const bool memory = count < 2 || std::strcmp(arguments[1], "--no-memory") != 0;
  if (count != (memory ? 2 : 3)) {
    std::fprintf(stderr, "usage: bench_analyze [--no-memory] VIADUCT\n");
    return 2;
  }
  compare_speed(arguments[count - 1]);
  std::fflush(stdout);
  if (memory) measure_memory(arguments[count - 1]);
  return 0;
}
