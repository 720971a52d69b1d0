// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::seconds;
using test::Scene;

/// The caller speaks for 10 s and is muted for a minute; half of that what comes for it is still let in.
void call(Scene& scene, int mutes) {
  scene.set_up(1).hang_up(300);
  rtp::test::Talk& caller = scene.talk(1.3, Party::caller);
  rtp::test::Talk& callee = scene.talk(1.3, Party::callee);
  for (int i = 0; i < mutes; ++i) {
    caller.send(500).pause(seconds(60));
    callee.send(500 + 1500).lose(1500);
  }
  caller.send(500);
  callee.send(500);
}

TEST(NatTimeout, Fail) {
  Scene scene;
  call(scene, 2);
  EXPECT_EQ(scene.judge(nat_timeout()), R"(
fail nat-timeout major 0.90: 2 mappings expired in a silence of the phone: media ceased, and came back when the phone sent again or with another port.
  #22000 41.280 media towards the caller stops for 30.0 s from 00:00:41.300 on, 1500 packets are missing (L, hard hole: discarded on the path)
  #24000 111.280 media towards the caller stops for 30.0 s from 00:01:51.300 on, 1500 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
)");
}

TEST(NatTimeout, FailOfANewPortAfterTheSilence) {
  Scene scene;
  scene.set_up(1).hang_up(300);
  rtp::test::Talk& caller = scene.talk(1.3, Party::caller);
  for (const char* const port : {"192.0.2.10:4000", "192.0.2.10:4777", "192.0.2.10:4888"}) {
    caller.source = rtp::test::endpoint(port);
    caller.send(500).pause(seconds(60));
  }
  scene.talk(1.3, Party::callee).send(9000);
  EXPECT_EQ(scene.judge(nat_timeout()), R"(
fail nat-timeout major 0.90: 2 mappings expired in a silence of the phone: media ceased, and came back when the phone sent again or with another port.
  #10500 11.280 media towards the callee stops for 60.0 s from 00:00:11.300 on (X, the NAT mapping expired)
  #11000 81.280 media towards the callee stops for 60.0 s from 00:01:21.300 on (X, the NAT mapping expired)
  calls 0
  streams 0 1
)");
}

TEST(NatTimeout, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(300);
  scene.talk(1.3, Party::caller).send(500).pause(seconds(60)).send(500);
  scene.talk(1.3, Party::callee).send(4000);
  EXPECT_EQ(scene.judge(nat_timeout()), R"(
pass: No media ceased in a silence of its receiver.
)");
}

TEST(NatTimeout, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(nat_timeout()), R"(
not_applicable: No RTP of a call was captured.
)");
}

TEST(NatTimeout, InconclusiveOfOnce) {
  Scene scene;
  call(scene, 1);
  EXPECT_EQ(scene.judge(nat_timeout()), R"(
inconclusive nat-timeout note 0.40: 1 mapping may have expired in a silence; once is too little to say so. Capture a call in which the phone is muted two times, for some minutes each.
  #22000 41.280 media towards the caller stops for 30.0 s from 00:00:41.300 on, 1500 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
