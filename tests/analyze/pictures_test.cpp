// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/pictures.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace viaduct::app::analyze {
namespace {

TEST(Pictures, AreKeptOfTheWorstCalls) {
  constexpr std::uint32_t kCalls = 10 * Pictures::kKept;
  finding::Result result;
  Pictures pictures;
  for (std::uint32_t i = 0; i < kCalls; ++i) {
    finding::CallSummary& call = result.calls.emplace_back();
    call.ladder = finding::Ladder{};
    call.timeline = finding::Timeline{};
    const std::uint32_t first_stream = static_cast<std::uint32_t>(result.streams.size());
    for (int direction = 0; direction < 2; ++direction) result.streams.emplace_back().series = finding::Series{};
    // Each seventh call has a gap; one that lies late has the longest.
    if (i % 7 == 0) result.streams.back().gaps.push_back({.length = std::chrono::milliseconds(300 + i), .letter = 'L'});
    pictures.add(result, i, first_stream);
  }
  std::size_t drawn = 0;
  for (std::uint32_t i = 0; i < kCalls; ++i) {
    const bool kept{result.calls[i].ladder};
    drawn += kept ? 1 : 0;
    EXPECT_EQ(kept, static_cast<bool>(result.calls[i].timeline));
    EXPECT_EQ(kept, result.streams[2 * i].series && result.streams[2 * i + 1].series);
    const bool bad = i % 7 == 0 && i > kCalls - 7 * Pictures::kKept;
    EXPECT_TRUE(kept || !bad) << i;
  }
  EXPECT_GE(drawn, Pictures::kKept);
  EXPECT_LT(drawn, 2 * Pictures::kKept);
}

}  // namespace
}  // namespace viaduct::app::analyze
