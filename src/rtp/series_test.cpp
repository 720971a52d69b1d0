// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/series.hpp"

#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

namespace viaduct::rtp {
namespace {

using std::chrono::milliseconds;
using test::Talk;

/// "50/0 5.0-5.0" for each second: packets, lost, transit above the least in ms.
std::string text_of(const StreamSeries& series) {
  std::string text = std::to_string(series.step / std::chrono::seconds(1)) + " s:";
  for (const SeriesPoint& point : series.points) {
    text += " " + std::to_string(point.packets) + "/" + std::to_string(point.lost);
    if (point.delay)
      text += " " + test::ms(from_seconds(point.delay->low)) + "-" + test::ms(from_seconds(point.delay->high));
    text += ",";
  }
  return text;
}

TEST(Series, TellsEachSecond) {
  EXPECT_EQ(text_of(Talk().send(50).lose(75).send(25).queue(50, milliseconds(1)).report().series),
            "1 s: 50/0 0-0, 0/50, 25/25 0-0, 48/0 0.998-48, 2/0 49-50,");
}

TEST(Series, WhatCameLateIsNotLost) {
  Talk talk;
  talk.send(10).arrive(static_cast<std::uint16_t>(talk.sequence + 1), talk.timestamp + 160,
                       talk.clock + milliseconds(25));
  talk.arrive(talk.sequence, talk.timestamp, talk.clock + milliseconds(26));
  EXPECT_EQ(text_of(talk.report().series), "1 s: 12/0 0-21,");
}

TEST(Series, OfALongStreamIsThinned) {
  const StreamSeries series = Talk().send(50 * 601).report().series;
  EXPECT_EQ(series.step, std::chrono::seconds(2));
  EXPECT_EQ(series.points.size(), 301U);
  EXPECT_EQ(series.points.front().packets, 100U);
  EXPECT_EQ(series.points.back().packets, 50U);
}

RC_GTEST_PROP(Series, ForgetsNoPacketHoweverTimeGoes,
              (const std::vector<std::pair<std::uint32_t, std::uint16_t>>& steps)) {
  Series series;
  std::uint32_t before = 0;
  std::uint64_t lost = 0;
  for (const auto& [jump, missing] : steps) {
    const std::uint32_t tick = std::max(before, jump & 0x7fffffffU);
    series.missing(before, tick, missing);
    series.packet(tick, static_cast<std::int32_t>(jump));
    before = tick;
    lost += missing;
  }
  std::uint64_t told = 0;
  std::uint64_t packets = 0;
  for (const Series::Cell& cell : series.cells()) {
    told += cell.lost;
    packets += cell.packets;
  }
  RC_ASSERT(series.cells().size() <= Series::kMostCells);
  RC_ASSERT(told == lost);
  RC_ASSERT(packets == steps.size());
}

}  // namespace
}  // namespace viaduct::rtp
