// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

TEST(DropOuts, Fail) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(1.3, Party::callee).send(200).lose(100).send(200);
  scene.talk(1.3, Party::caller).send(250).pause(milliseconds(1500)).send(150);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
fail unknown major 1.00: 1 drop-out, 2.00 s without media in all.
  #10200 5.280 nothing to play towards the caller for 2.00 s from 00:00:05.300 on, class L
  streams 0
)");
}

TEST(DropOuts, FailWithTheTimeThatWasSilent) {
  Scene scene;
  scene.set_up(1).hang_up(12);
  scene.talk(1.3, Party::callee).send(200).lose(20).send(20).lose(20).send(200);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
fail unknown major 1.00: 1 drop-out, 0.80 s without media in all.
  #10200 5.280 nothing to play towards the caller for 0.80 s of 1.20 s from 00:00:05.300 on, class -
  streams 0
)");
}

TEST(DropOuts, Pass) {
  Scene scene;
  scene.set_up(1).hang_up(6);
  scene.talk(1.3, Party::callee).send(100).lose(5).send(100);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
pass: No stream lost media for 200 ms or longer.
)");
}

/// Both directions miss the same 1.5 s, twice, and a third time one alone 0.1 s.
void holes(Scene& scene) {
  scene.set_up(1).hang_up(100);
  scene.talk(1.3, Party::caller).send(500).lose(75).send(500).lose(75).send(500);
  scene.talk(1.3, Party::callee).send(500).lose(75).send(500).lose(75).send(250).lose(5).send(245);
}

/// A softphone's own capture while its radio is away, or a mirror port that is full.
TEST(DropOuts, InconclusiveOfBothDirectionsAtOnce) {
  Scene scene;
  holes(scene);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
inconclusive unknown major 0.00: 2 times packets of both directions are missing together, 6.00 s in all. A link may have failed, media may have gone another way, or the capture may have missed them: nothing here tells.
  #10500 11.280 nothing to play towards the callee for 1.50 s from 00:00:11.300 on, class L
  #11000 22.780 nothing to play towards the callee for 1.50 s from 00:00:22.800 on, class L
  #20500 11.280 nothing to play towards the caller for 1.50 s from 00:00:11.300 on, class L
  #21000 22.780 nothing to play towards the caller for 1.50 s from 00:00:22.800 on, class L
  streams 0 1
)");
}

TEST(DropOuts, FailOfBothDirectionsWhereAnotherFlowCameThrough) {
  Scene scene;
  holes(scene);
  scene.holes = {{rtp::MarkKind::capture_whole, call::at(11.3), milliseconds(1520)},
                 {rtp::MarkKind::capture_whole, call::at(22.8), milliseconds(1520)}};
  EXPECT_EQ(scene.judge(drop_outs()), R"(
fail unknown major 1.00: 4 drop-outs, 6.00 s without media in all.
  #10500 11.280 nothing to play towards the callee for 1.50 s from 00:00:11.300 on, class L
  #11000 22.780 nothing to play towards the callee for 1.50 s from 00:00:22.800 on, class L
  #20500 11.280 nothing to play towards the caller for 1.50 s from 00:00:11.300 on, class L
  #21000 22.780 nothing to play towards the caller for 1.50 s from 00:00:22.800 on, class L
  streams 0 1
)");
}

TEST(DropOuts, PassWhereTheCaptureMissedThem) {
  Scene scene;
  holes(scene);
  scene.holes = {{rtp::MarkKind::capture_hole, call::at(11.3), milliseconds(1520)},
                 {rtp::MarkKind::capture_hole, call::at(22.8), milliseconds(1520)}};
  EXPECT_EQ(scene.judge(drop_outs()), R"(
pass: But for what the capture missed, no stream lost media for 200 ms or longer.
)");
}

/// The phone's or the relay's numbers run on while SDP lets nothing flow, or one party holds the other one.
TEST(DropOuts, PassOnHoldThoughNumbersRunOn) {
  for (const std::string direction : {"sendonly", "recvonly", "inactive"}) {
    Scene scene;
    scene.set_up(1);
    scene.re_invite(11, 2, direction).re_invite(31, 3, "sendrecv").hang_up(60);
    for (const Party party : {Party::caller, Party::callee}) scene.talk(1.3, party).send(490).lose(1000).send(500);
    EXPECT_EQ(scene.judge(drop_outs()), R"(
pass: No stream lost media for 200 ms or longer.
)") << direction;
  }
}

/// Media was to come from the hold on, for ten seconds more than SDP kept it away.
TEST(DropOuts, FailBehindAHold) {
  Scene scene;
  scene.set_up(1);
  scene.re_invite(11, 2, "inactive").re_invite(21, 3, "sendrecv").hang_up(60);
  scene.talk(1.3, Party::callee).send(490).lose(1000).send(500);
  EXPECT_EQ(scene.judge(drop_outs()).substr(0, 5), "\nfail");
}

/// A platform leaves media to the phones for a while, and takes them back.
TEST(DropOuts, PassWhereSdpSendsMediaElsewhere) {
  Scene scene;
  scene.set_up(1);
  scene.talk(1.3, Party::callee).send(235).lose(1000).send(500);
  const std::string here = scene.caller.media;
  scene.caller.media = "192.0.2.77:4000";
  scene.re_invite(6, 2, "sendrecv");
  scene.caller.media = here;
  scene.re_invite(26, 3, "sendrecv").hang_up(60);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
pass: No stream lost media for 200 ms or longer.
)");
}

/// Pauses of the sender each 30 s; whether it says that they begin and end.
void pauses(Scene& scene, bool marker, const std::vector<int>& talks) {
  scene.set_up(1).hang_up(400);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (const int packets : talks) {
    talk.send(packets).pause(milliseconds(1500));
    talk.marker = marker;
  }
  talk.send(100);
}

/// A relay that numbers packets anew hides holes.
TEST(DropOuts, InconclusiveOfPausesByAClockThatNobodyAnnounces) {
  Scene scene;
  pauses(scene, false, std::vector<int>(8, 1425));
  EXPECT_EQ(scene.judge(drop_outs()), R"(
inconclusive unknown major 0.00: 8 pauses of one stream, 12.0 s in all, every 30.0 s (by chance under 0.000001), and neither a marker nor comfort noise nor SDP announces one. Its sender may pause by a clock, or a relay may have numbered packets anew behind holes: nothing here tells.
  #11425 29.780 nothing to play towards the caller for 1.50 s from 00:00:29.800 on, class S
  #12850 59.780 nothing to play towards the caller for 1.50 s from 00:00:59.800 on, class S
  #14275 89.780 nothing to play towards the caller for 1.50 s from 00:01:29.800 on, class S
  #15700 119.780 nothing to play towards the caller for 1.50 s from 00:01:59.800 on, class S
  #17125 149.780 nothing to play towards the caller for 1.50 s from 00:02:29.800 on, class S
  #18550 179.780 nothing to play towards the caller for 1.50 s from 00:02:59.800 on, class S
  #19975 209.780 nothing to play towards the caller for 1.50 s from 00:03:29.800 on, class S
  #21400 239.780 nothing to play towards the caller for 1.50 s from 00:03:59.800 on, class S
  streams 0
)");
}

TEST(DropOuts, PassOfPausesThatAreAnnouncedOrKeepNoClock) {
  const std::string pass = "\npass: No stream lost media for 200 ms or longer.\n";
  Scene music;
  pauses(music, true, std::vector<int>(8, 1425));
  EXPECT_EQ(music.judge(drop_outs()), pass);
  Scene speech;
  pauses(speech, false, {120, 900, 2100, 70, 1500, 300, 1900, 600});
  EXPECT_EQ(speech.judge(drop_outs()), pass);
}

/// Each prompt is a source of its own.
TEST(DropOuts, InconclusiveWhereAnotherSourceGoesOn) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee);
  for (std::uint32_t prompt = 0; prompt < 3; ++prompt) {
    talk.ssrc = 100 + prompt;
    talk.sequence = static_cast<std::uint16_t>(7000 * prompt);
    talk.send(300).stall(milliseconds(4000));
  }
  EXPECT_EQ(scene.judge(drop_outs()), R"(
inconclusive unknown major 0.00: 2 times nothing came until another source (SSRC) went on, 8.00 s in all. Servers begin one for each announcement, and of a phone that begins anew a part is lost: nothing here tells.
  #10300 7.280 nothing to play towards the caller for 4.00 s from 00:00:07.300 on, class R
  #10600 17.280 nothing to play towards the caller for 4.00 s from 00:00:17.300 on, class R
  streams 0 1
)");
}

TEST(DropOuts, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(6);
  EXPECT_EQ(scene.judge(drop_outs()), R"(
not_applicable: No RTP was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
