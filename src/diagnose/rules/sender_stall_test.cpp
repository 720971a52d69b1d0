// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

void call(Scene& scene, int stalls) {
  scene.set_up(1).hang_up(100);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (int i = 0; i < stalls; ++i) talk.send(500).stall(milliseconds(900));
  talk.send(500);
}

TEST(SenderStall, Fail) {
  Scene scene;
  call(scene, 6);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
fail endpoint major 0.90: 6 times that the sender itself stopped or began anew, for 0.90 s at most.
  #0 - call at 00:00:01 alone, 6 onsets: intervals vary by 0.0 %: by chance under 0.000001; Rayleigh scan Z 0.3 at 45.3 s: by chance 1.0
  #0 - clock: not to be told from one call, which keeps to all of them
  #10500 11.280 media towards the caller stops for 0.90 s from 00:00:11.300 on (P, the sender stalled)
  #11000 22.180 media towards the caller stops for 0.90 s from 00:00:22.200 on (P, the sender stalled)
  #11500 33.080 media towards the caller stops for 0.90 s from 00:00:33.100 on (P, the sender stalled)
  #12000 43.980 media towards the caller stops for 0.90 s from 00:00:44.000 on (P, the sender stalled)
  calls 0
  streams 0
  raster Drop-outs, each call from its own begin, every 10.900 s
    call at 00:00:01: 6, phase 10.000
)");
}

TEST(SenderStall, Pass) {
  Scene scene;
  call(scene, 0);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
pass: There were no times that the sender itself stopped or began anew.
)");
}

TEST(SenderStall, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
not_applicable: No RTP of a call was captured.
)");
}

TEST(SenderStall, InconclusiveOfTwice) {
  Scene scene;
  call(scene, 2);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
inconclusive endpoint note 0.30: 2 times that the sender itself stopped or began anew: too few to name a cause; capture longer calls, six of one call or four in each of three are enough.
  #10500 11.280 media towards the caller stops for 0.90 s from 00:00:11.300 on (P, the sender stalled)
  #11000 22.180 media towards the caller stops for 0.90 s from 00:00:22.200 on (P, the sender stalled)
  calls 0
  streams 0
)");
}

/// A call with a platform that takes registrations; one party begins anew, as another source, after each ten seconds.
void begins_anew(Scene& scene, Party speaker) {
  scene.callee.sip = "203.0.113.5:5060";
  scene.set_up(1).hang_up(100);
  scene.talk(1.3, call::other(speaker)).send(4900);
  rtp::test::Talk& talk = scene.talk(1.3, speaker);
  for (std::uint32_t i = 0; i < 7; ++i) {
    talk.ssrc = 100 + i;
    talk.sequence = static_cast<std::uint16_t>(7000 * i);
    talk.send(500).stall(milliseconds(900));
  }
}

/// Each announcement of a server is a source of its own, and no phone's.
TEST(SenderStall, InconclusiveWhereThePlatformBeginsAnotherSource) {
  Scene scene;
  scene.caller.sip = "192.168.1.10:5060";
  begins_anew(scene, Party::callee);
  EXPECT_EQ(scene.judge(sender_stall()), R"(
inconclusive none note 0.00: Other sources (SSRC) went on after times without media: servers begin one for each announcement.
)");
}

TEST(SenderStall, FailWhereAPhoneBeginsAnotherSource) {
  Scene scene;
  scene.caller.sip = "192.168.1.10:5060";
  begins_anew(scene, Party::caller);
  EXPECT_EQ(scene.judge(sender_stall()).substr(0, 65),
            "\nfail endpoint major 0.90: 6 times that the sender itself stopped");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
