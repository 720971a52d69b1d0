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
  return text + "strays " + std::to_string(times.strays()) + " set " + std::to_string(times.clock_set());
}

TEST(FrameTimes, StayAsTheyAre) {
  EXPECT_EQ(told({100, 101, 99, 150}), "1:100 2:101 3:99 4:150 strays 0 set 0");
}

TEST(FrameTimes, GiveAFrameThatStandsAloneTheTimeOfTheOneBefore) {
  EXPECT_EQ(told({100, 900'000'000, 101, 5, 102}), "1:100 2:100 3:101 4:101 5:102 strays 2 set 0");
}

TEST(FrameTimes, BelieveASilence) {
  EXPECT_EQ(told({100, 7300, 7301, 20'000}), "1:100 2:7300 3:7301 4:20000 strays 0 set 0");
}

TEST(FrameTimes, CountHowOftenTheClockWasSetBack) {
  EXPECT_EQ(told({7300, 100, 101, 102}), "1:7300 2:100 3:101 4:102 strays 0 set 1");
}

/// A stream of RTP over raw IPv4, a packet a second from 20000 s on; `steps` are what the clock is ahead for each.
std::string told_of_media(std::initializer_list<std::int64_t> steps, std::uint16_t numbers = 1) {
  std::string text;
  FrameTimes times([&text](const capture::Record& record) {
    text +=
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(record.time.time_since_epoch()).count()) + " ";
  });
  for (std::int64_t second = 20'000; const std::int64_t step : steps) {
    std::string octets("\x45\0\0\x28\0\0\0\0\x40\x11\0\0\xc0\0\2\1\xc0\0\2\2\x0f\xa0\x17\x70\0\x14\0\0\x80\x08", 30);
    const auto sequence = static_cast<std::uint16_t>(second * numbers);
    octets += {static_cast<char>(sequence >> 8U), static_cast<char>(sequence)};
    octets.append(8, '\1');
    capture::Record record;
    record.link = capture::LinkType::raw;
    record.frame = octets;
    record.time = capture::Time(std::chrono::seconds(second++ + step));
    times.add(record);
  }
  times.flush();
  return text + "strays " + std::to_string(times.strays()) + " set " + std::to_string(times.clock_set());
}

TEST(FrameTimes, GoOnFromBeforeAStepWhereMediaGoesOn) {
  EXPECT_EQ(told_of_media({0, 0, 18000, 18000, 18000}), "20000 20001 20001 20002 20003 strays 0 set 1");
  EXPECT_EQ(told_of_media({0, 0, -18000, -18000, -18000}), "20000 20001 20001 20002 20003 strays 0 set 1");
  EXPECT_EQ(told_of_media({0, 0, 18000, 18000, 0, 0}), "20000 20001 20001 20002 20002 20003 strays 0 set 2");
}

TEST(FrameTimes, BelieveAPauseAfterWhichMediaGoesOn) {
  EXPECT_EQ(told_of_media({0, 0, 125, 125}), "20000 20001 20127 20128 strays 0 set 0");
}

TEST(FrameTimes, BelieveASilenceAfterWhichMediaBeginsAnew) {
  EXPECT_EQ(told_of_media({0, 0, 18000, 18000}, 1000), "20000 20001 38002 38003 strays 0 set 0");
}

}  // namespace
}  // namespace viaduct::app::analyze
