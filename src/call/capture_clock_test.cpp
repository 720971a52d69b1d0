// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/capture_clock.hpp"

#include "call/facts.hpp"
#include "call/messages_test.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace viaduct::call {
namespace {

/// "now passed" behind each time that was seen, in seconds.
std::string told(std::initializer_list<double> times) {
  CaptureClock clock;
  std::string text;
  for (const double time : times) {
    clock.see(at(time));
    text += seconds_text(clock.now(), at(0)) + " " + seconds_text(Time(clock.passed()), Time{}) + "\n";
  }
  clock.end();
  return "\n" + text + "end " + seconds_text(clock.now(), at(0)) + "\n";
}

TEST(CaptureClock, GoesOnWithTheCapture) {
  EXPECT_EQ(told({100, 101, 100.5, 160}), R"(
100.000 0.000
101.000 1.000
101.000 1.000
160.000 60.000
end 160.000
)");
}

TEST(CaptureClock, LeavesATimeFarFromTheOthersOut) {
  EXPECT_EQ(told({100, 9e8, 101, 5, 102}), R"(
100.000 0.000
100.000 0.000
101.000 1.000
101.000 1.000
102.000 2.000
end 102.000
)");
}

TEST(CaptureClock, FollowsAClockThatWasSetForward) {
  EXPECT_EQ(told({100, 7300, 7301, 7302}), R"(
100.000 0.000
100.000 0.000
7301.000 61.000
7302.000 62.000
end 7302.000
)");
}

TEST(CaptureClock, FollowsAClockThatWasSetBack) {
  EXPECT_EQ(told({7300, 100, 101, 102}), R"(
7300.000 0.000
7300.000 0.000
101.000 1.000
102.000 2.000
end 102.000
)");
}

TEST(CaptureClock, RecoversFromAFirstTimeThatIsWrong) {
  EXPECT_EQ(told({9e8, 100, 101}), R"(
900000000.000 0.000
900000000.000 0.000
101.000 1.000
end 101.000
)");
}

TEST(CaptureClock, IsNotConvincedByCopiesOfAFrame) {
  EXPECT_EQ(told({100, 7300, 7300.001, 101}), R"(
100.000 0.000
100.000 0.000
100.000 0.000
101.000 1.000
end 101.000
)");
}

TEST(CaptureClock, GoesFromOneSilenceToTheNext) {
  EXPECT_EQ(told({0, 600, 1200, 1800}), R"(
0.000 0.000
0.000 0.000
600.000 60.000
1200.000 120.000
end 1800.000
)");
}

TEST(CaptureClock, StandsTimesAtTheEndsOfAllTime) {
  CaptureClock clock;
  for (const Time time : {Time::min(), Time::max(), at(1), Time::max(), Time::max(), Time::min(), Time::min()})
    clock.see(time);
  clock.end();
  EXPECT_GE(clock.passed(), Duration::zero());
}

}  // namespace
}  // namespace viaduct::call
