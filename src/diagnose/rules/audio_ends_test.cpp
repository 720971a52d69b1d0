// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_end.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using std::chrono::milliseconds;
using test::Scene;

/// A call of 90 s whose audio towards the caller ends `age` seconds after the answer; each has another sender.
void ended(Scene& scene, int number, double age) {
  const double at = 200.0 * number;
  scene.callee.media = "10.0.0." + std::to_string(number) + ":6000";
  scene.another("call-" + std::to_string(number)).set_up(at).hang_up(at + 90);
  scene.talk(at + 0.3, Party::caller).send(4480);
  scene.talk(at + 0.3, Party::callee).send(static_cast<int>(std::lround(age * 50)) - 5);
}

TEST(AudioEnds, FailWhereATimerEndsIt) {
  Scene scene;
  ended(scene, 1, 60);
  ended(scene, 2, 60.24);
  ended(scene, 3, 59.8);
  ended(scene, 4, 12);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.80: A timer ends the audio: in 3 calls it stopped 59.8 s to 60.2 s after the answer and did not come back while the call went on; by chance 0.00036. Whose timer it is, a capture from one side does not tell.
  #62985 659.980 last packet towards the caller, 59.8 s after the answer; none for another 30.0 s
  #22995 260.180 last packet towards the caller, 60.0 s after the answer; none for another 29.8 s
  #43007 460.420 last packet towards the caller, 60.2 s after the answer; none for another 29.6 s
  calls 2 0 1
  streams 5 1 3
inconclusive unknown major 0.00: Audio towards the caller ended at 00:13:32, 12.0 s after the answer, and did not come back while the call went on for 77.8 s; the caller itself was heard for another 77.7 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #80595 812.180 last packet towards the caller, 12.0 s after the answer; none for another 77.8 s
  calls 3
  streams 7
)");
}

/// A call captured on both sides of the router before the caller, with so many packets each way that pass it. Those
/// that the callee sends afterwards are seen outside alone, or not at all.
void both_sides(Scene& scene, int to_caller, int outside_alone) {
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  scene.set_up(1).hang_up(61);
  rtp::test::Talk& from_caller = scene.talk(1.3, Party::caller);
  from_caller.send_twice(outer, from_caller.destination, 2980);
  rtp::test::Talk& from_callee = scene.talk(1.3, Party::callee);
  const net::Endpoint inner = from_callee.destination;
  from_callee.destination = outer;
  from_callee.send_twice(from_callee.source, inner, to_caller);
  from_callee.send(outside_alone);
}

TEST(AudioEnds, FailWhereTheRouterStopsPassingIt) {
  Scene scene;
  both_sides(scene, 1000, 1900);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.90: Audio towards the caller ended at 00:00:21, 20.1 s after the answer, and did not come back while the call went on for 39.7 s; the caller itself was heard for another 39.5 s. On the other side of a router it went on: it arrived there and was not passed on.
  #22000 21.320 last packet towards the caller, 20.1 s after the answer; none for another 39.7 s
  calls 0
  streams 3 2
)");
}

TEST(AudioEnds, OfBothSidesOfARouterIsOne) {
  Scene scene;
  both_sides(scene, 1000, 0);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:21, 20.1 s after the answer, and did not come back while the call went on for 39.7 s; the caller itself was heard for another 39.5 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #22000 21.320 last packet towards the caller, 20.1 s after the answer; none for another 39.7 s
  calls 0
  streams 3
)");
}

/// Audio towards the caller ends at 21 s, the call at 61 s; the sender's reports at 11 s and 51 s count so many
/// packets.
std::string counted_call(std::uint32_t first, std::uint32_t last, int of_caller = 2980) {
  Scene scene;
  scene.set_up(1).hang_up(61);
  scene.talk(1.3, Party::caller).send(of_caller);
  scene.talk(1.3, Party::callee)
      .send(1000)
      .counts({.packets = first, .at = call::at(11), .frame = 7}, {.packets = last, .at = call::at(51), .frame = 8});
  return scene.judge(audio_ends());
}

TEST(AudioEnds, FailWhereTheSenderCountsOn) {
  EXPECT_EQ(counted_call(485, 2485), R"(
fail unknown critical 0.90: Audio towards the caller ended at 00:00:21, 20.1 s after the answer, and did not come back while the call went on for 39.7 s; the caller itself was heard for another 39.6 s. Its sender went on: it counts at least 1242 packets more that did not come here (RTCP).
  #21000 21.280 last packet towards the caller, 20.1 s after the answer; none for another 39.7 s
  #8 51.000 sender report: 2485 packets sent
  calls 0
  streams 1
)");
}

/// It counted no more than what came; too little of the time that was left; or both directions went, as where a router
/// leaves media to its hardware, and RTCP not.
TEST(AudioEnds, InconclusiveWhereTheSenderMayHaveStopped) {
  EXPECT_EQ(counted_call(485, 1000).substr(0, 13), "\ninconclusive");
  EXPECT_EQ(counted_call(485, 1550).substr(0, 13), "\ninconclusive");
  EXPECT_EQ(counted_call(485, 2485, 1000).substr(0, 13), "\ninconclusive");
}

TEST(AudioEnds, FailSinceAReInvite) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 1400, 250);
  scene.caller.media = "192.0.2.10:4002";
  scene.re_invite(6.2, 2, "sendrecv").hang_up(30);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.70: Audio towards the caller ended at 00:00:06, 5.10 s after the answer, and did not come back while the call went on for 23.7 s; the caller itself was heard for another 23.0 s: since SDP changed where it goes.
  behaviour B21
  #20250 6.280 last packet towards the caller, 5.10 s after the answer; none for another 23.7 s
  #6 6.300 media moved
  calls 0
  streams 1
)");
}

TEST(AudioEnds, FailWhereBothDirectionsEndAndTheCaptureStillSeesOthers) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  scene.both_talk(1.3, 1000, 1010);
  scene.another("call-2").set_up(50).hang_up(70);
  scene.both_talk(50.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.80: Audio of both directions ended at 00:00:21, 20.3 s after the answer, and did not come back while the call went on for 38.5 s. Media of other calls was captured later.
  #21010 21.480 last packet towards the caller, 20.3 s after the answer; none for another 38.5 s
  calls 0
  streams 1
)");
}

TEST(AudioEnds, InconclusiveWhereTheCaptureMayHaveLostSightOfMedia) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  scene.both_talk(1.3, 1000, 1010);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio of both directions ended at 00:00:21, 20.3 s after the answer, and did not come back while the call went on for 38.5 s. The capture may have lost sight of media: it shows none of any call afterwards.
  #21010 21.480 last packet towards the caller, 20.3 s after the answer; none for another 38.5 s
  calls 0
  streams 1
)");
}

TEST(AudioEnds, InconclusiveWhereTheSenderMayBeMuted) {
  Scene scene;
  scene.set_up(1).hang_up(30);
  scene.both_talk(1.3, 1400, 250);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:06, 5.10 s after the answer, and did not come back while the call went on for 23.7 s; the caller itself was heard for another 23.0 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #20250 6.280 last packet towards the caller, 5.10 s after the answer; none for another 23.7 s
  calls 0
  streams 1
)");
}

TEST(AudioEnds, InconclusiveWithoutAByeWhileMediaRuns) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 3000, 1500);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:31, 30.1 s after the answer, and did not come back while the call went on for 30.0 s; the caller itself was heard for another 30.0 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #21500 31.280 last packet towards the caller, 30.1 s after the answer; none for another 30.0 s
  calls 0
  streams 1
)");
}

TEST(AudioEnds, InconclusiveWhereBothDirectionsHaveHardlyBegun) {
  Scene scene;
  for (const int number : {1, 2, 3}) {
    const double at = 100.0 * number;
    scene.another("call-" + std::to_string(number)).set_up(at).hang_up(at + 60);
    scene.both_talk(at + 0.3, 10, 12);
  }
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio of both directions ended at 00:01:40, 0.34 s after the answer, and did not come back while the call went on for 59.5 s. It had hardly begun: the capture may have lost sight of media, as on a router that leaves it to its hardware from the first packets on.
  #20012 100.520 last packet towards the caller, 0.34 s after the answer; none for another 59.5 s
  calls 0
  streams 1
inconclusive unknown major 0.00: Audio of both directions ended at 00:03:20, 0.34 s after the answer, and did not come back while the call went on for 59.5 s. It had hardly begun: the capture may have lost sight of media, as on a router that leaves it to its hardware from the first packets on.
  #40012 200.520 last packet towards the caller, 0.34 s after the answer; none for another 59.5 s
  calls 1
  streams 3
inconclusive unknown major 0.00: Audio of both directions ended at 00:05:00, 0.34 s after the answer, and did not come back while the call went on for 59.5 s. It had hardly begun: the capture may have lost sight of media, as on a router that leaves it to its hardware from the first packets on.
  #60012 300.520 last packet towards the caller, 0.34 s after the answer; none for another 59.5 s
  calls 2
  streams 5
)");
}

/// Nobody can tell a party that has muted itself, leaves silence out or records what it hears from one whose audio is
/// lost, and no number of packets makes the difference: a recording begins after a beep, and who is paged says nothing.
TEST(AudioEnds, OfOneDirectionAreInconclusiveHoweverLittleWasHeard) {
  std::string told;
  for (const int packets : {2, 10, 15, 16, 40, 60, 352}) {
    Scene scene;
    scene.set_up(1).hang_up(61);
    scene.both_talk(1.3, 2980, packets);
    const auto verdict = [](const std::string& text) { return text.substr(1, text.find_first_of(" :") - 1); };
    told += std::to_string(packets) + " packets: one-way-audio " + verdict(scene.judge(one_way_audio())) +
            ", audio-ends " + verdict(scene.judge(audio_ends())) + "\n";
  }
  EXPECT_EQ(told,
            "2 packets: one-way-audio pass, audio-ends inconclusive\n"
            "10 packets: one-way-audio pass, audio-ends inconclusive\n"
            "15 packets: one-way-audio pass, audio-ends inconclusive\n"
            "16 packets: one-way-audio pass, audio-ends inconclusive\n"
            "40 packets: one-way-audio pass, audio-ends inconclusive\n"
            "60 packets: one-way-audio pass, audio-ends inconclusive\n"
            "352 packets: one-way-audio pass, audio-ends inconclusive\n");
}

TEST(AudioEnds, FailWhereTheRouterPassesOnTheFirstSecondAlone) {
  Scene scene;
  both_sides(scene, 40, 2900);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.90: Audio towards the caller ended at 00:00:02, 0.94 s after the answer, and did not come back while the call went on for 58.9 s; the caller itself was heard for another 58.7 s. On the other side of a router it went on: it arrived there and was not passed on.
  #20080 2.120 last packet towards the caller, 0.94 s after the answer; none for another 58.9 s
  calls 0
  streams 3 2
)");
}

/// What captures sees the media of another call for longer: no hardware takes them out of its sight.
TEST(AudioEnds, FailWhereBothDirectionsHaveHardlyBegunAndThoseOfAnotherCallGoOn) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  scene.both_talk(1.3, 10, 12);
  scene.another("call-2").set_up(80).hang_up(100);
  scene.both_talk(80.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.80: Audio of both directions ended at 00:00:01, 0.34 s after the answer, and did not come back while the call went on for 58.5 s. Media of other calls was captured later.
  #20012 1.520 last packet towards the caller, 0.34 s after the answer; none for another 58.5 s
  calls 0
  streams 1
)");
}

/// A platform leaves media to the phones: what captures at it sees no more of them.
TEST(AudioEnds, PassWhereMediaGoesAnotherWay) {
  for (const int packets : {10, 40, 200}) {
    const double moved = 1.3 + packets * 0.02;
    Scene scene;
    scene.set_up(1);
    scene.both_talk(1.3, packets, packets);
    scene.caller.media = "192.0.2.11:4002";
    scene.re_invite(moved, 2, "sendrecv").hang_up(60);
    EXPECT_EQ(scene.judge(audio_ends()), R"(
pass: Audio went on for as long as it was due.
)") << packets;
  }
}

/// Another port of the same host is no other way.
TEST(AudioEnds, FailOfBothDirectionsSinceAPortMoved) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 200, 200);
  scene.caller.media = "192.0.2.10:4002";
  scene.re_invite(5.3, 2, "sendrecv").hang_up(60);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.70: Audio of both directions ended at 00:00:05, 4.10 s after the answer, and did not come back while the call went on for 54.7 s: since SDP changed where it goes.
  behaviour B21
  #20200 5.280 last packet towards the caller, 4.10 s after the answer; none for another 54.7 s
  #6 5.400 media moved
  calls 0
  streams 1
)");
}

TEST(AudioEnds, PassToTheBye) {
  Scene scene;
  scene.set_up(1).request(30, Party::caller, "BYE", 90);
  for (const double after : {0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5}) scene.request(30 + after, Party::caller, "BYE", 90);
  scene.both_talk(1.3, 1430, 1430);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
pass: Audio went on for as long as it was due.
)");
}

/// People hang up soon where they hear nothing, and right away where they have done.
TEST(AudioEnds, InconclusiveWhereTheCallIsOverSoonAfter) {
  std::string told;
  for (const double after : {1.0, 2.5, 3.5, 9.0, 11.0})
    for (const bool both : {false, true}) {
      Scene scene;
      scene.set_up(1).hang_up(21.3 + after);
      scene.both_talk(1.3, both ? 1000 : 1000 + static_cast<int>(after * 50), 1000);
      scene.another("call-2").set_up(80).hang_up(100);
      scene.both_talk(80.3, 980, 980);
      const std::string said = scene.judge(audio_ends());
      told += test::fixed(after, 1) + (both ? " s, both: " : " s, one: ") +
              said.substr(1, said.find_first_of(" :") - 1) + "\n";
    }
  EXPECT_EQ(told,
            "1.0 s, one: pass\n"
            "1.0 s, both: pass\n"
            "2.5 s, one: pass\n"
            "2.5 s, both: pass\n"
            "3.5 s, one: inconclusive\n"
            "3.5 s, both: inconclusive\n"
            "9.0 s, one: inconclusive\n"
            "9.0 s, both: inconclusive\n"
            "11.0 s, one: inconclusive\n"
            "11.0 s, both: fail\n");
}

TEST(AudioEnds, PassOnHold) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 1400, 250);
  scene.re_invite(6.2, 2, "sendonly").hang_up(30);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
not_applicable: No answered call let audio flow for 10 s.
)");
}

/// Who holds without music sends nothing, and may hang up or transfer the call from there.
TEST(AudioEnds, PassWhereAHoldIsSilentToTheEnd) {
  for (const std::string direction : {"sendonly", "recvonly", "inactive"}) {
    Scene scene;
    for (const int number : {1, 2, 3}) {
      const double at = 100.0 * number;
      scene.another("call-" + std::to_string(number)).set_up(at);
      scene.both_talk(at + 0.3, 735, 735);
      scene.re_invite(at + 15, 2, direction).hang_up(at + 45, Party::callee);
    }
    scene.another("call-4").set_up(420).hang_up(440);
    scene.both_talk(420.3, 980, 980);
    EXPECT_EQ(scene.judge(audio_ends()), R"(
pass: Audio went on for as long as it was due.
)") << direction;
  }
}

TEST(AudioEnds, PassWhereACallIsHandedOver) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 735, 735);
  scene.request(16, Party::caller, "REFER", 2).response(16.1, Party::callee, "202 Accepted", "2 REFER");
  scene.hang_up(36, Party::callee).another("call-2").set_up(80).hang_up(100);
  scene.both_talk(80.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
pass: Audio went on for as long as it was due.
)");
}

/// The same port, and no packet since.
TEST(AudioEnds, FailWhereAHoldIsResumedAndNothingComes) {
  Scene scene;
  scene.set_up(1);
  scene.talk(1.3, Party::caller).send(485).pause(milliseconds(15000)).send(1700);
  scene.talk(1.3, Party::callee).send(485);
  scene.re_invite(11, 2, "sendonly").re_invite(26, 3, "sendrecv").hang_up(61);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.70: Audio towards the caller was due again at 00:00:26, 24.9 s after the answer, and did not come back while the call went on for 34.9 s; the caller itself was heard for another 33.9 s. The call had been on hold and was resumed then.
  #20485 10.980 last packet towards the caller; due again after 15.1 s, and none for another 34.9 s
  #9 26.100 resumed
  calls 0
  streams 1
)");
}

/// A greeting, and a recording begins.
TEST(AudioEnds, InconclusiveWhereAHoldIsResumedAndSomethingCame) {
  Scene scene;
  scene.set_up(1);
  scene.talk(1.3, Party::caller).send(485).pause(milliseconds(15000)).send(1700);
  scene.talk(1.3, Party::callee).send(485).pause(milliseconds(15000)).send(50);
  scene.re_invite(11, 2, "sendonly").re_invite(26, 3, "sendrecv").hang_up(61);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:27, 25.8 s after the answer, and did not come back while the call went on for 34.0 s; the caller itself was heard for another 33.0 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #20535 26.980 last packet towards the caller, 25.8 s after the answer; none for another 34.0 s
  calls 0
  streams 1
)");
}

/// It went on where SDP had moved it.
TEST(AudioEnds, InconclusiveSoonAfterAMoveThatWasFollowed) {
  Scene scene;
  scene.set_up(1);
  scene.both_talk(1.3, 1400, 250);
  scene.caller.media = "192.0.2.10:4002";
  scene.re_invite(6.2, 2, "sendrecv").hang_up(30);
  scene.talk(6.3, Party::callee).send(60);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:07, 6.30 s after the answer, and did not come back while the call went on for 22.5 s; the caller itself was heard for another 21.8 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #30060 7.480 last packet towards the caller, 6.30 s after the answer; none for another 22.5 s
  calls 0
  streams 2
)");
}

TEST(AudioEnds, PassWhereOnePartyLeavesSilenceOut) {
  Scene scene;
  scene.set_up(1).hang_up(30);
  scene.talk(1.3, Party::caller).send(1430);
  rtp::test::Talk& callee = scene.talk(1.3, Party::callee).send(100);
  for (const int pause : {3000, 8000, 2000}) callee.pause(milliseconds(pause)).send(50);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
pass: Audio went on for as long as it was due.
)");
}

/// Who muted himself once does not leave silence out, and nobody pauses for so much longer than ever before.
TEST(AudioEnds, InconclusiveWhereAPauseBeforeExplainsNothing) {
  std::string said;
  for (const auto& [pauses, length] : {std::pair{1, 5000}, std::pair{4, 500}}) {
    Scene scene;
    scene.set_up(1).hang_up(60);
    scene.talk(1.3, Party::caller).send(2930);
    rtp::test::Talk& callee = scene.talk(1.3, Party::callee).send(100);
    for (int i = 0; i < pauses; ++i) callee.pause(milliseconds(length)).send(100);
    said += scene.judge(audio_ends());
  }
  EXPECT_EQ(said, R"(
inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:10, 9.10 s after the answer, and did not come back while the call went on for 49.7 s; the caller itself was heard for another 49.6 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #20200 10.280 last packet towards the caller, 9.10 s after the answer; none for another 49.7 s
  calls 0
  streams 1

inconclusive unknown major 0.00: Audio towards the caller ended at 00:00:13, 12.1 s after the answer, and did not come back while the call went on for 46.7 s; the caller itself was heard for another 46.6 s. Its sender may have been muted, or audio may have been lost: nothing here tells.
  #20500 13.280 last packet towards the caller, 12.1 s after the answer; none for another 46.7 s
  calls 0
  streams 1
)");
}

/// One party alone leaves silence out: the other one has ended with it.
TEST(AudioEnds, FailOfBothDirectionsThoughOnePartyLeavesSilenceOut) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& caller = scene.talk(1.3, Party::caller).send(100);
  for (int i = 0; i < 3; ++i) caller.pause(milliseconds(4000)).send(100);
  scene.talk(1.3, Party::callee).send(1000);
  scene.another("call-2").set_up(80).hang_up(100);
  scene.both_talk(80.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.80: Audio of both directions ended at 00:00:21, 20.1 s after the answer, and did not come back while the call went on for 38.7 s. Media of other calls was captured later.
  #21000 21.280 last packet towards the caller, 20.1 s after the answer; none for another 38.7 s
  calls 0
  streams 1
)");
}

TEST(AudioEnds, InconclusiveOfBothDirectionsWhereBothPartiesLeaveSilenceOut) {
  Scene scene;
  scene.set_up(1).hang_up(35);
  for (const Party party : {Party::caller, Party::callee}) {
    rtp::test::Talk& talk = scene.talk(1.3, party).send(100);
    for (int i = 0; i < 3; ++i) talk.pause(milliseconds(4000)).send(100);
  }
  scene.another("call-2").set_up(80).hang_up(100);
  scene.both_talk(80.3, 980, 980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
inconclusive unknown major 0.00: Audio of both directions ended at 00:00:21, 20.1 s after the answer, and did not come back while the call went on for 13.7 s. Both parties leave silence out: it may have been one more pause, or audio may have been lost.
  #20400 21.280 last packet towards the caller, 20.1 s after the answer; none for another 13.7 s
  calls 0
  streams 1
)");
}

/// A hold before is no pause of anybody, whether the media clock went on or stood still.
TEST(AudioEnds, FailLongAfterAHold) {
  for (const std::string direction : {"sendonly", "inactive"}) {
    Scene scene;
    scene.set_up(1);
    for (const Party party : {Party::caller, Party::callee})
      scene.talk(1.3, party).send(485).pause(milliseconds(15000)).send(1000);
    scene.re_invite(11, 2, direction).re_invite(26, 3, "sendrecv").hang_up(100);
    scene.another("call-2").set_up(120).hang_up(140);
    scene.both_talk(120.3, 980, 980);
    EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.80: Audio of both directions ended at 00:00:46, 44.8 s after the answer, and did not come back while the call went on for 54.0 s. Media of other calls was captured later.
  #21485 45.980 last packet towards the caller, 44.8 s after the answer; none for another 54.0 s
  calls 0
  streams 1
)");
  }
}

/// The other side of the router saw it: no habit of its sender explains that.
TEST(AudioEnds, FailWhereTheRouterStopsPassingWhoLeavesSilenceOut) {
  Scene scene;
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  scene.set_up(1).hang_up(61);
  rtp::test::Talk& from_caller = scene.talk(1.3, Party::caller);
  from_caller.send_twice(outer, from_caller.destination, 2980);
  rtp::test::Talk& from_callee = scene.talk(1.3, Party::callee);
  const net::Endpoint inner = from_callee.destination;
  from_callee.destination = outer;
  for (int i = 0; i < 4; ++i) from_callee.send_twice(from_callee.source, inner, 200).pause(milliseconds(5000));
  from_callee.send(1000);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
fail unknown critical 0.90: Audio towards the caller ended at 00:00:32, 31.1 s after the answer, and did not come back while the call went on for 28.7 s; the caller itself was heard for another 28.5 s. On the other side of a router it went on: it arrived there and was not passed on.
  #21600 32.320 last packet towards the caller, 31.1 s after the answer; none for another 28.7 s
  calls 0
  streams 3 2
)");
}

/// What captured the outer side stopped before that of the inner one.
TEST(AudioEnds, PassWhereOnePlaceSeesNeitherDirectionAnyMore) {
  Scene scene;
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  scene.set_up(1).hang_up(61);
  rtp::test::Talk& from_caller = scene.talk(1.3, Party::caller);
  from_caller.send_twice(outer, from_caller.destination, 1000).send(1980);
  rtp::test::Talk& from_callee = scene.talk(1.3, Party::callee);
  const net::Endpoint inner = from_callee.destination;
  from_callee.destination = outer;
  from_callee.send_twice(from_callee.source, inner, 1000);
  from_callee.destination = inner;
  from_callee.send(1980);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
pass: Audio went on for as long as it was due.
)");
}

TEST(AudioEnds, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(8);
  EXPECT_EQ(scene.judge(audio_ends()), R"(
not_applicable: No answered call let audio flow for 10 s.
)");
}

TEST(AudioEnds, AreTheLastGapsOfTheirStreams) {
  Scene scene;
  scene.set_up(1).hang_up(30);
  scene.both_talk(1.3, 1400, 250);
  CallFacts facts = scene.facts().front();
  add_ends(facts);
  const std::vector<StreamFacts>& streams = facts.streams;
  EXPECT_TRUE(streams[0].gaps.empty());
  ASSERT_EQ(streams[1].gaps.size(), 1U);
  const GapFacts& gap = streams[1].gaps.front();
  EXPECT_TRUE(gap.last);
  EXPECT_FALSE(gap.outage());  // of rules that look for times without media between media
  EXPECT_EQ(test::fixed(rtp::seconds(gap.gap.onset.time_since_epoch()), 3), "6.300");
  EXPECT_EQ(test::fixed(rtp::seconds(gap.gap.length), 3), "23.700");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
