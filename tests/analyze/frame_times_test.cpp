// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/frame_times.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace viaduct::app::analyze {
namespace {

/// "number:seconds" of each frame as it is handed on, then what was counted. Frames hold their own number.
std::string told(std::initializer_list<std::int64_t> seconds) {
  std::string text;
  FrameTimes times([&text](const capture::Record& record) {
    text += std::string(record.frame) + ":" +
            std::to_string(std::chrono::duration_cast<std::chrono::seconds>(record.time.time_since_epoch()).count()) +
            " ";
  });
  for (int number = 1; const std::int64_t second : seconds) {
    const std::string octets = std::to_string(number++);
    capture::Record record;
    record.frame = octets;
    record.time = capture::Time(std::chrono::seconds(second));
    times.add(record);
  }
  times.flush();
  return text + "strays " + std::to_string(times.strays()) + " set back " + std::to_string(times.set_back());
}

TEST(FrameTimes, StayAsTheyAre) {
  EXPECT_EQ(told({100, 101, 99, 150}), "1:100 2:101 3:99 4:150 strays 0 set back 0");
}

TEST(FrameTimes, GiveAFrameThatStandsAloneTheTimeOfTheOneBefore) {
  EXPECT_EQ(told({100, 900'000'000, 101, 5, 102}), "1:100 2:100 3:101 4:101 5:102 strays 2 set back 0");
}

TEST(FrameTimes, BelieveASilence) {
  EXPECT_EQ(told({100, 7300, 7301, 20'000}), "1:100 2:7300 3:7301 4:20000 strays 0 set back 0");
}

TEST(FrameTimes, CountHowOftenTheClockWasSetBack) {
  EXPECT_EQ(told({7300, 100, 101, 102}), "1:7300 2:100 3:101 4:102 strays 0 set back 1");
}

}  // namespace
}  // namespace viaduct::app::analyze
