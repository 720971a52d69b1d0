// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/drop_outs_test.hpp"
#include "diagnose/rules/rules.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::drop_outs;
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
  #0 - call at 00:00:01 alone, 8 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 8.0 at 30.0 s: by chance under 0.000001
  #0 - clock: not to be told from one call, which keeps to all of them
  #0 - 30.0 s fits 30.0 s, the UDP timeout of many routers
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
  raster Drop-outs, each call from its own begin, every 30.000 s
    call at 00:00:01: 8, phase 28.000
)");
}

TEST(AlgDropOuts, FailOfThreeCallsTogether) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 4);
  call(scene.another("call-2"), 208, 4);
  call(scene.another("call-3"), 419, 4);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
fail sip-alg critical 0.95: Media drops out every 30.0 s (30.0 s to 30.0 s, by chance 0.00016), locked to the start of the call (by chance under 0.000001), although nothing queued before and the other side was heard; and SIP of this customer was changed on the way.
  family linux
  #1 - o= is private and c= is public
  #0 - Rayleigh scan over 3 calls with 12 onsets, each with its own phase: Z 12 at 30.0 s: by chance 0.00016 (47619 trials)
  #0 - intervals within the calls, all together: by chance under 0.000001
  #0 - clock: counted from the start of the call the phases of 3 calls lie within 0.00 s: by chance under 0.000001
  #0 - 30.0 s fits 30.0 s, the UDP timeout of many routers
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
  raster Drop-outs, each call from its own begin, every 30.000 s
    call at 00:00:01: 4, phase 28.000
    call at 00:03:28: 4, phase 28.000
    call at 00:06:59: 4, phase 28.000
)");
}

TEST(AlgDropOuts, Pass) {
  Scene scene;
  scene.signs = {linux_alg()};
  scene.set_up(1).hang_up(9);
  scene.both_talk(1.3, 300, 300);
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
  #0 - call at 00:00:01 alone, 8 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 8.0 at 30.0 s: by chance under 0.000001
  #0 - clock: not to be told from one call, which keeps to all of them
  #0 - 30.0 s fits 30.0 s, the UDP timeout of many routers
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
  raster Drop-outs, each call from its own begin, every 30.000 s
    call at 00:00:01: 8, phase 28.000
)");
}

/// A phone that writes an outside address itself, and a timer that need not be an ALG's: neither proves the other.
TEST(AlgDropOuts, InconclusiveOfEachCallsOwnTimerWithASignThatIsOpen) {
  Scene scene;
  scene.signs = {linux_alg()};
  scene.signs.front().proven = false;
  scene.signs.front().proof.text = "Via is public";
  for (int i = 0; i < 4; ++i) call(i == 0 ? scene : scene.another("call-" + std::to_string(i + 1)), 1 + 301.7 * i, 8);
  const std::string said = scene.judge(alg_drop_outs());
  EXPECT_EQ(said.substr(0, said.find("\n  #0")), R"(
inconclusive sip-alg note 0.40: Media is discarded on a free path, every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), locked to the start of the call (by chance under 0.000001): SIP proves no ALG here; a capture from the other side of the router (--other-side) would.
  #1 - Via is public)");
}

TEST(AlgDropOuts, InconclusiveWhereAnotherSiteDropsOutAtTheSameInstants) {
  Scene scene;
  scene.signs = {linux_alg()};
  const std::vector<double> instants{40, 63, 104, 121, 177, 190, 241, 268};
  drop_outs(scene.another("a", 0), 1, 300, instants);
  scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
  drop_outs(scene.another("b", 1), 12, 310, instants);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
inconclusive sip-alg note 0.40: Media is discarded on a free path, without a rhythm: other customers drop out at the same instants, so it is what they share, the platform or the way to it, and not this router.
  #1 - o= is private and c= is public
  #0 - call at 00:00:01 alone, 8 onsets: intervals vary by 53 %: by chance 0.059; Rayleigh scan Z 2.3 at 28.9 s: by chance 0.79
  #0 - 1 test of this customer, 2 customers: q = 0.12
  #21935 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #22985 62.980 media towards the caller stops for 2.00 s from 00:01:03.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24935 103.980 media towards the caller stops for 2.00 s from 00:01:44.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #25685 120.980 media towards the caller stops for 2.00 s from 00:02:01.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #28385 176.980 media towards the caller stops for 2.00 s from 00:02:57.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #28935 189.980 media towards the caller stops for 2.00 s from 00:03:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #31385 240.980 media towards the caller stops for 2.00 s from 00:04:01.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #32635 267.980 media towards the caller stops for 2.00 s from 00:04:28.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
inconclusive sip-alg note 0.40: Media is discarded on a free path, without a rhythm: other customers drop out at the same instants, so it is what they share, the platform or the way to it, and not this router.
  #0 - call at 00:00:12 alone, 8 onsets: intervals vary by 53 %: by chance 0.059; Rayleigh scan Z 2.3 at 28.9 s: by chance 0.79
  #0 - 1 test of this customer, 2 customers: q = 0.12
  #41385 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #42435 62.980 media towards the caller stops for 2.00 s from 00:01:03.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #44385 103.980 media towards the caller stops for 2.00 s from 00:01:44.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #45135 120.980 media towards the caller stops for 2.00 s from 00:02:01.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #47835 176.980 media towards the caller stops for 2.00 s from 00:02:57.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #48385 189.980 media towards the caller stops for 2.00 s from 00:03:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #50835 240.980 media towards the caller stops for 2.00 s from 00:04:01.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #52085 267.980 media towards the caller stops for 2.00 s from 00:04:28.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 1
  streams 3
)");
}

TEST(AlgDropOuts, InconclusiveOfAPortThatMovesAtAReInvite) {
  Scene scene;
  scene.set_up(1);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  talk.send(500);
  scene.re_invite(11.2, 2, "sendrecv").hang_up(60);
  talk.lose(50).source = rtp::test::endpoint("192.0.2.10:40777");
  talk.send(500);
  scene.talk(1.3, Party::callee).send(1000);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
inconclusive sip-alg note 0.40: Media is discarded on a free path: too few for a rhythm (six of one call, or four in each of three calls); capture longer calls, and both sides of the router (--other-side). In 1 case the sender's port changed at a re-INVITE or UPDATE, without the silence in which a mapping expires: whether the phone chose another one or an ALG did, the messages on the other side of the router show.
  #10500 11.280 media towards the callee stops for 1.00 s from 00:00:11.300 on, 50 packets are missing (X, the sender's port changed, too soon for a mapping to expire)
  calls 0
  streams 0
)");
}

/// A phone that suppresses silence: what it sends shortly before a pause is discarded.
TEST(AlgDropOuts, FailOfHolesThatPausesHide) {
  Scene scene;
  scene.signs = {linux_alg()};
  scene.set_up(1).hang_up(250);
  scene.talk(1.3, Party::callee).send(12000);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  for (int i = 0; i < 7; ++i) talk.send(1400).lose(20).pause(milliseconds(1600));
  talk.send(200);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
fail sip-alg critical 0.95: Media drops out every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), although nothing queued before and the other side was heard; and SIP of this customer was changed on the way.
  family linux
  #1 - o= is private and c= is public
  #0 - call at 00:00:01 alone, 7 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 7.0 at 30.0 s: by chance under 0.000001
  #0 - clock: not to be told from one call, which keeps to all of them
  #0 - 30.0 s fits 30.0 s, the UDP timeout of many routers
  #21400 29.280 media towards the callee stops for 2.00 s from 00:00:29.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  #22800 59.280 media towards the callee stops for 2.00 s from 00:00:59.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  #24200 89.280 media towards the callee stops for 2.00 s from 00:01:29.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  #25600 119.280 media towards the callee stops for 2.00 s from 00:01:59.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  #27000 149.280 media towards the callee stops for 2.00 s from 00:02:29.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  #28400 179.280 media towards the callee stops for 2.00 s from 00:02:59.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  #29800 209.280 media towards the callee stops for 2.00 s from 00:03:29.300 on, 20 packets are missing (S, a pause of the sender, and an outage in it)
  calls 0
  streams 1
  raster Drop-outs, each call from its own begin, every 30.000 s
    call at 00:00:01: 7, phase 28.000
)");
}

TEST(AlgDropOuts, FailWhereTheOtherSiteIsTheOtherLegOfTheCall) {
  Scene scene;
  scene.signs = {linux_alg()};
  const std::vector<double> instants{40, 70, 100, 130, 160, 190, 220};
  drop_outs(scene.another("a", 0), 1, 250, instants);
  scene.caller.sip = scene.caller.contact = "203.0.113.10:5060";
  drop_outs(scene.another("b", 1), 1.4, 250.2, instants);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
fail sip-alg critical 0.95: Media drops out every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001), although nothing queued before and the other side was heard; and SIP of this customer was changed on the way.
  family linux
  #1 - o= is private and c= is public
  #0 - call at 00:00:01 alone, 7 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 6.9 at 30.0 s: by chance 0.000007
  #0 - clock: not to be told from one call, which keeps to all of them
  #0 - 30.0 s fits 30.0 s, the UDP timeout of many routers
  #0 - 1 test of this customer, 2 customers: q = under 0.000001
  #21935 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #23335 69.980 media towards the caller stops for 2.00 s from 00:01:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #24735 99.980 media towards the caller stops for 2.00 s from 00:01:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #26135 129.980 media towards the caller stops for 2.00 s from 00:02:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #27535 159.980 media towards the caller stops for 2.00 s from 00:02:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #28935 189.980 media towards the caller stops for 2.00 s from 00:03:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #30335 219.980 media towards the caller stops for 2.00 s from 00:03:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 0
  streams 1
  raster Drop-outs, each call from its own begin, every 30.000 s
    call at 00:00:01: 7, phase 8.700
inconclusive sip-alg note 0.40: Media is discarded on a free path, every 30.0 s (30.0 s to 30.0 s, by chance under 0.000001): SIP proves no ALG here; a capture from the other side of the router (--other-side) would.
  #0 - call at 00:00:01 alone, 7 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 6.9 at 30.0 s: by chance 0.000007
  #0 - clock: not to be told from one call, which keeps to all of them
  #0 - 30.0 s fits 30.0 s, the UDP timeout of many routers
  #0 - 1 test of this customer, 2 customers: q = under 0.000001
  #41915 39.980 media towards the caller stops for 2.00 s from 00:00:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #43315 69.980 media towards the caller stops for 2.00 s from 00:01:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #44715 99.980 media towards the caller stops for 2.00 s from 00:01:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #46115 129.980 media towards the caller stops for 2.00 s from 00:02:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #47515 159.980 media towards the caller stops for 2.00 s from 00:02:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #48915 189.980 media towards the caller stops for 2.00 s from 00:03:10.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  #50315 219.980 media towards the caller stops for 2.00 s from 00:03:40.000 on, 100 packets are missing (L, hard hole: discarded on the path)
  calls 1
  streams 3
  raster Drop-outs, each call from its own begin, every 30.000 s
    call at 00:00:01: 7, phase 8.300
)");
}

TEST(AlgDropOuts, InconclusiveOfFourHolesOfOneCall) {
  Scene scene;
  scene.signs = {linux_alg()};
  call(scene, 1, 4);
  EXPECT_EQ(scene.judge(alg_drop_outs()), R"(
inconclusive sip-alg note 0.40: Media is discarded on a free path: too few for a rhythm (six of one call, or four in each of three calls); SIP of this customer shows an ALG, so capture longer calls, or both sides of the router (--other-side).
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
