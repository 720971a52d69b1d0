// SPDX-License-Identifier: GPL-2.0-or-later
// What a finished call with two clean streams keeps, from its end to the result: 2 KB at most.
#include "analyze/analysis.hpp"
#include "bench/calls.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <malloc.h>
#include <new>
#include <string>

namespace {

std::size_t live = 0;
std::size_t most = 0;

void* counted(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  live += malloc_usable_size(memory);
  most = std::max(most, live);
  return memory;
}

void uncount(void* memory) {
  live -= malloc_usable_size(memory);
  std::free(memory);  // NOLINT(clang-analyzer-cplusplus.NewDelete): what our own operator new gave
}

}  // namespace

// Replaced for the whole test binary.
void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  uncount(memory);
}
void operator delete[](void* memory) noexcept {
  uncount(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  uncount(memory);  // NOLINT(clang-analyzer-cplusplus.NewDelete): that is what gives it back
}
void operator delete[](void* memory, std::size_t) noexcept {
  uncount(memory);
}

namespace viaduct::app::analyze {
namespace {

/// Most octets at once over the analysis of so many calls, of which at any time about as many are live.
[[nodiscard]] std::size_t most_memory(int calls, std::size_t most_kept) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("viaduct_memory_test." + std::to_string(getpid()) + ".pcap");
  const bench::CallLoad load{calls, 20, std::chrono::milliseconds(100)};
  EXPECT_TRUE(bench::write_calls(path, load));
  const std::size_t before = live;
  most = live;
  {
    std::size_t told = 0;
    AnalysisSettings settings;
    settings.ended = [&told](const finding::CallSummary&) { ++told; };
    settings.most_kept = most_kept;
    Analysis analysis(std::move(settings), "test");
    EXPECT_FALSE(analysis.read({path}));
    const finding::Result result = analysis.finish();
    const std::size_t kept = std::min(static_cast<std::size_t>(calls), most_kept);
    EXPECT_EQ(told, static_cast<std::size_t>(calls));
    EXPECT_EQ(result.calls.size(), kept);
    EXPECT_EQ(result.streams.size(), 2U * kept);
    EXPECT_EQ(result.inputs[0].problems.size(), kept < static_cast<std::size_t>(calls) ? 1U : 0U);
    EXPECT_EQ(result.verdict, finding::Overall::clean) << result.sentence;
  }
  std::filesystem::remove(path);
  return most - before;
}

TEST(Memory, OfAFinishedCallIsTwoKilobytesAtMost) {
  // Past what lingers: 32 s after a call's end, two minutes for its media.
  constexpr int kCalls = 3000;
  const std::size_t once = most_memory(kCalls, 3 * kCalls);
  const std::size_t twice = most_memory(2 * kCalls, 3 * kCalls);
  const std::size_t kept = (twice - once) / kCalls;
  RecordProperty("octets", std::to_string(kept));
  EXPECT_LE(kept, 2048U);
  EXPECT_GE(kept, 512U) << "nothing was counted";
}

TEST(Memory, OfCallsBeyondTheRoomIsNothing) {
  constexpr int kCalls = 3000;
  const std::size_t once = most_memory(kCalls, 100);
  const std::size_t twice = most_memory(2 * kCalls, 100);
  EXPECT_LE(twice, once + kCalls * std::size_t{16});
}

}  // namespace
}  // namespace viaduct::app::analyze
