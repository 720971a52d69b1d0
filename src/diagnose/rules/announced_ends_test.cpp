// SPDX-License-Identifier: GPL-2.0-or-later
// Audio that ends as announcements do, or as it was said to.
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

/// Each caller hears the same greeting from the same platform, and speaks after it.
TEST(AudioEnds, InconclusiveOfAnnouncementsOfOneLength) {
  for (const double greeting : {8.0, 9.5, 15.0, 45.0}) {
    Scene scene;
    for (const int number : {1, 2, 3, 4, 5}) {
      const double at = 200.0 * number;
      scene.another("call-" + std::to_string(number)).set_up(at).hang_up(at + 80 + number);
      scene.talk(at + 0.3, Party::caller).send(3980);
      scene.talk(at + 0.3, Party::callee).send(static_cast<int>(greeting * 50));
    }
    const std::string said = scene.judge(audio_ends());
    EXPECT_EQ(said.find("fail"), std::string::npos) << said;
    EXPECT_EQ(said.find("pass"), std::string::npos) << said;
  }
}

/// No announcement is heard in both directions.
TEST(AudioEnds, FailWhereATimerEndsBothDirections) {
  Scene scene;
  for (const int number : {1, 2, 3, 4}) {
    const double at = 200.0 * number;
    scene.another("call-" + std::to_string(number)).set_up(at).hang_up(at + 80 + number);
    scene.both_talk(at + 0.3, 2998, 2998);
  }
  const std::string said = scene.judge(audio_ends());
  EXPECT_TRUE(said.starts_with("\nfail unknown critical 0.80: A timer ends the audio: in 4 calls it stopped")) << said;
}

/// Who says that silence follows need not send any more (RFC 3389).
TEST(AudioEnds, InconclusiveOfBothDirectionsThatEndInComfortNoise) {
  Scene scene;
  scene.set_up(1).hang_up(35);
  for (const Party party : {Party::caller, Party::callee}) {
    rtp::test::Talk& talk = scene.talk(1.3, party).send(1000);
    talk.payload_type = 13;
    talk.send(1);
  }
  scene.another("call-2").set_up(80).hang_up(100);
  scene.both_talk(80.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio of both directions ended at 00:00:21, 20.1 s after the answer, and did not come back while the call went on for 13.7 s. Both parties leave silence out: it may have been one more pause, or audio may have been lost.
  #21001 21.300 last packet towards the caller, 20.1 s after the answer; none for another 13.7 s
  calls 0
  streams 1
)");
}

/// One party alone said so.
TEST(AudioEnds, FailOfBothDirectionsOfWhichOneEndsInComfortNoise) {
  Scene scene;
  scene.set_up(1).hang_up(35);
  scene.talk(1.3, Party::caller).send(1000);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee).send(1000);
  talk.payload_type = 13;
  talk.send(1);
  scene.another("call-2").set_up(80).hang_up(100);
  scene.both_talk(80.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()).substr(0, 5), "\nfail");
}

/// Nearly four times as long as any before.
TEST(AudioEnds, InconclusiveWhereTheLastPauseIsLongerThanAnyBefore) {
  Scene scene;
  scene.set_up(1).hang_up(40);
  scene.talk(1.3, Party::caller).send(1930);
  rtp::test::Talk& callee = scene.talk(1.3, Party::callee).send(100);
  for (const int pause : {4000, 5000, 4000}) callee.pause(milliseconds(pause)).send(50);
  EXPECT_EQ(scene.judge(audio_ends()).substr(0, 13), "\ninconclusive");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
