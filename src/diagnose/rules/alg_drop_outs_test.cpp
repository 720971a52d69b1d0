// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

AlgSign linux_alg() {
  AlgSign sign{
      .address = rtp::test::endpoint("192.0.2.10:0").address, .proven = true, .log_likelihood = 6, .family = "linux"};
  sign.proof.frame = 1;
  sign.proof.text = "o= is private and c= is public";
  return sign;
}

/// Both parties talk; every 30 s what goes to the caller is discarded for 2 s.
void call(Scene& scene, double at, int holes) {
  scene.set_up(at).hang_up(at + 30 * holes + 10);
  scene.talk(at + 0.3, Party::caller).send(1500 * holes + 200);
  rtp::test::Talk& talk = scene.talk(at + 0.3, Party::callee);
  for (int i = 0; i < holes; ++i) talk.send(1400).lose(100);
  talk.send(200);
}

TEST(AlgDropOuts, FailOfACallWithARhythm) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 8);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
fail sip-alg critical 0.95: Media drops out every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), although nothing queued before and the other side was heard; and SIP of this customer was changed on the way.
  family linux
  #1 - o= is private and c= is public
  #21400 29.280 media towards the caller stops for 2.00 s from 00:00:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22800 59.280 media towards the caller stops for 2.00 s from 00:00:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24200 89.280 media towards the caller stops for 2.00 s from 00:01:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #25600 119.280 media towards the caller stops for 2.00 s from 00:01:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #27000 149.280 media towards the caller stops for 2.00 s from 00:02:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #28400 179.280 media towards the caller stops for 2.00 s from 00:02:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #29800 209.280 media towards the caller stops for 2.00 s from 00:03:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #31200 239.280 media towards the caller stops for 2.00 s from 00:03:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
)");
}

TEST(AlgDropOuts, FailOfThreeCallsTogether) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 4);
  call(scene.another("call-2"), 208, 4);
  call(scene.another("call-3"), 419, 4);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
fail sip-alg critical 0.95: Media drops out every 30.0 s (30.0 s to 30.0 s, by chance 0.00016), although nothing queued before and the other side was heard; and SIP of this customer was changed on the way.
  family linux
  #1 - o= is private and c= is public
  #21400 29.280 media towards the caller stops for 2.00 s from 00:00:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22800 59.280 media towards the caller stops for 2.00 s from 00:00:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24200 89.280 media towards the caller stops for 2.00 s from 00:01:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #25600 119.280 media towards the caller stops for 2.00 s from 00:01:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #41400 236.280 media towards the caller stops for 2.00 s from 00:03:56.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #42800 266.280 media towards the caller stops for 2.00 s from 00:04:26.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #44200 296.280 media towards the caller stops for 2.00 s from 00:04:56.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #45600 326.280 media towards the caller stops for 2.00 s from 00:05:26.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #61400 447.280 media towards the caller stops for 2.00 s from 00:07:27.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #62800 477.280 media towards the caller stops for 2.00 s from 00:07:57.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #64200 507.280 media towards the caller stops for 2.00 s from 00:08:27.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #65600 537.280 media towards the caller stops for 2.00 s from 00:08:57.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 0 1 2
  streams 1 3 5
)");
}

TEST(AlgDropOuts, Pass) {
  Scene scene;
  scene.signs = {linux_alg()};
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::caller).send(300);
  scene.talk(1.3, Party::callee).send(300);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
pass: No media was discarded on a free path.
)");
}

TEST(AlgDropOuts, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
not_applicable: No RTP of a call was captured.
)");
}

TEST(AlgDropOuts, InconclusiveWithoutSip) {
  Scene scene;
  call(scene, 1, 8);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
inconclusive sip-alg note 0.40: Media is discarded on a free path, every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001): SIP proves no ALG here; a capture from the other side of the router (--other-side) would.
  #21400 29.280 media towards the caller stops for 2.00 s from 00:00:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22800 59.280 media towards the caller stops for 2.00 s from 00:00:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24200 89.280 media towards the caller stops for 2.00 s from 00:01:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #25600 119.280 media towards the caller stops for 2.00 s from 00:01:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #27000 149.280 media towards the caller stops for 2.00 s from 00:02:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #28400 179.280 media towards the caller stops for 2.00 s from 00:02:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #29800 209.280 media towards the caller stops for 2.00 s from 00:03:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #31200 239.280 media towards the caller stops for 2.00 s from 00:03:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
)");
}

TEST(AlgDropOuts, InconclusiveOfFourHolesOfOneCall) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 4);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
inconclusive sip-alg note 0.40: Media is discarded on a free path, without a rhythm: they come without a rhythm, or are too few for one.
  #1 - o= is private and c= is public
  #21400 29.280 media towards the caller stops for 2.00 s from 00:00:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22800 59.280 media towards the caller stops for 2.00 s from 00:00:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24200 89.280 media towards the caller stops for 2.00 s from 00:01:29.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  #25600 119.280 media towards the caller stops for 2.00 s from 00:01:59.300 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
