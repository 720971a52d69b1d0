// SPDX-License-Identifier: GPL-2.0-or-later
// Compares this project's SIP and SDP parser with libosip2 and sofia-sip on the same messages in one run.
// Every parser folds what it understood; unequal sums end the program with exit code 1.
#include "parse_fold.hpp"
#include "parse_messages.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <vector>

namespace viaduct::bench {
namespace {

/// What reading the message costs at least: one memchr pass over its lines.
std::uint64_t count_lines(base::Bytes message) {
  std::uint64_t lines = 0;
  const char* at = message.data();
  const char* end = at + message.size();
  while (const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
    ++lines;
    at = static_cast<const char*>(found) + 1;
  }
  return lines;
}

struct Contender {
  const char* name;
  std::uint64_t (*parse)(base::Bytes message);
  bool folds;  ///< its result must equal that of the other parsers
};

constexpr Contender kContenders[] = {
    {"viaduct", parse_viaduct, true},
    {"libosip2", parse_osip, true},
    {"sofia-sip", parse_sofia, true},
    {"memchr pass", count_lines, false},
};
constexpr std::size_t kCount = std::size(kContenders);
constexpr std::size_t kSofia = 2;

// Rounds are shorter than a time slice and interleaved, so that most of them run undisturbed even on a busy
// machine, and whatever else it does hits all contenders alike.
constexpr int kRounds = 401;
constexpr std::chrono::microseconds kRoundTime{400};

volatile std::uint64_t g_sink;  // keeps the sums alive

/// Time this thread had the processor: what other programs take does not count.
[[nodiscard]] double thread_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

[[nodiscard]] double nanoseconds_each(const Contender& contender, base::Bytes message, std::uint64_t times) {
  // The compiler must not see that the message stays the same.
  const char* volatile data = message.data();
  std::uint64_t sum = 0;
  // The contender before has left its own code and branches in the caches.
  for (std::uint64_t i = 0; i < times / 16; ++i) sum += contender.parse({data, message.size()});
  const double begin = thread_nanoseconds();
  for (std::uint64_t i = 0; i < times; ++i) sum += contender.parse({data, message.size()});
  const double took = thread_nanoseconds() - begin;
  g_sink = g_sink + sum;
  return took / static_cast<double>(times);
}

/// How often the parser fits into a round.
[[nodiscard]] std::uint64_t times_in_round(const Contender& contender, base::Bytes message) {
  constexpr std::uint64_t trial = 50;
  static_cast<void>(nanoseconds_each(contender, message, trial));  // warm
  const double each = std::max(1.0, nanoseconds_each(contender, message, trial));
  const double round = std::chrono::duration<double, std::nano>(kRoundTime).count();
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(round / each));
}

/// The value below which `share` of all lie.
[[nodiscard]] double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

[[nodiscard]] bool sums_agree(const Sample& sample) {
  const std::uint64_t expected = parse_viaduct(sample.octets);
  bool agree = expected != 0;
  for (const Contender& contender : kContenders) {
    if (!contender.folds) continue;
    const std::uint64_t sum = contender.parse(sample.octets);
    if (sum != expected || !agree)
      std::fprintf(stderr, "bench_parse: %s: %s folds to %016" PRIx64 ", not %016" PRIx64 "\n", sample.name.c_str(),
                   contender.name, sum, expected);
    agree = agree && sum == expected;
  }
  return agree;
}

void measure(const Sample& sample) {
  std::vector<double> times[kCount];
  std::uint64_t repeat[kCount];
  for (std::size_t c = 0; c < kCount; ++c) repeat[c] = times_in_round(kContenders[c], sample.octets);
  for (int round = 0; round < kRounds; ++round)
    for (std::size_t c = 0; c < kCount; ++c)
      times[c].push_back(nanoseconds_each(kContenders[c], sample.octets, repeat[c]));

  for (std::size_t c = 0; c < kCount; ++c) {
    // Neighbours in time met the same machine: the ratio is taken in each round, then its median.
    std::vector<double> ratios(times[c].size());
    std::ranges::transform(times[kSofia], times[c], ratios.begin(), std::divides());
    const double typical = quantile(times[c], 0.5);
    std::printf("| %s, %zu octets | %s | %.0f | %.0f | %.2f | %.1f |\n", sample.name.c_str(), sample.octets.size(),
                kContenders[c].name, typical, quantile(times[c], 0.1),
                static_cast<double>(sample.octets.size()) / typical, quantile(ratios, 0.5));
  }
}

[[nodiscard]] int run() {
  const std::vector<Sample> all = samples();
  for (const Sample& sample : all)
    if (!sums_agree(sample)) return 1;
  std::printf("| message | parser | ns, median of %d | ns, fastest tenth | GB/s | times as fast as sofia-sip |\n",
              kRounds);
  std::printf("|---|---|---:|---:|---:|---:|\n");
  for (const Sample& sample : all) measure(sample);
  return 0;
}

}  // namespace
}  // namespace viaduct::bench

int main() {
  return viaduct::bench::run();
}
