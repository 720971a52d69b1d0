// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

TEST(RetransmissionStorm, FailWhereTheAnswerGoesToAnotherPort) {
  Scene scene;
  scene.set_up(1);
  scene.request(5, Party::caller, "BYE", 2, {.from = "192.0.2.10:40060"});
  for (const double at : {5.1, 5.6, 6.6, 8.6, 12.6}) {
    scene.response(at, Party::callee, "200 OK", "2 BYE");
    scene.request(at + 0.4, Party::caller, "BYE", 2, {.from = "192.0.2.10:40060"});
  }
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
fail signalling minor 0.90: BYE was repeated 5 times, although it was answered: the answer does not reach 192.0.2.10:40060. It goes to port 5060 instead.
  behaviour A04
  #5 5.000 BYE from 192.0.2.10:40060
  #6 5.100 200 to 192.0.2.10:5060
)");
}

TEST(RetransmissionStorm, FailWhereAFailureIsNotAcknowledged) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  for (const double at : {1.1, 1.6, 2.6, 4.6, 8.6, 12.6, 16.6, 20.6})
    scene.response(at, Party::callee, "486 Busy Here", "1 INVITE");
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
fail signalling major 0.80: 486 was repeated 7 times, and its ACK was not seen.
  #2 1.100 486 from 198.51.100.20:5060 to 192.0.2.10:5060
)");
}

TEST(RetransmissionStorm, AnOutageOfSecondsProvesNoCause) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  for (const double at : {1.1, 1.6, 2.6, 4.6}) scene.response(at, Party::callee, "486 Busy Here", "1 INVITE");
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
fail unknown minor 0.80: 486 was repeated 3 times, and its ACK was not seen.
  #2 1.100 486 from 198.51.100.20:5060 to 192.0.2.10:5060
)");
}

/// Six repetitions of a BYE that was answered each time.
void end_in_a_storm(Scene& scene) {
  scene.request(60, Party::caller, "BYE", 2);
  double at = 60.1;
  for (const double wait : {0.4, 1.0, 2.0, 4.0, 4.0, 4.0}) {
    scene.response(at, Party::callee, "200 OK", "2 BYE");
    at += wait;
    scene.request(at, Party::caller, "BYE", 2);
    at += 0.1;
  }
}

TEST(RetransmissionStorm, InconclusiveOnAPathThatLosesMedia) {
  Scene scene;
  scene.set_up(1);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  for (int i = 0; i < 20; ++i) talk.send(120).lose(15);
  end_in_a_storm(scene);
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
inconclusive none note 0.00: BYE was repeated 6 times, but the path loses packets: 285 of 2685 packets of media towards the callee are missing. What was repeated may have been lost with them.
  #5 60.000 BYE from 192.0.2.10:5060
  #6 60.100 200 to 192.0.2.10:5060
)");
}

TEST(RetransmissionStorm, InconclusiveWhereMediaIsLostAtThatTime) {
  Scene scene;
  scene.set_up(1);
  scene.talk(1.3, Party::caller).send(10000);
  for (const double at : {55.0, 55.5, 56.5, 58.5, 60.5})
    scene.request(at, Party::callee, "INFO", 7).response(at + 0.1, Party::caller, "200 OK", "7 INFO");
  scene.talk(1.3, Party::callee).send(2700).lose(150).send(7000);
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
inconclusive none note 0.00: INFO was repeated 4 times, but the path loses packets: 150 of 9850 packets of media towards the caller are missing. What was repeated may have been lost with them.
  #5 55.000 INFO from 198.51.100.20:5060
  #6 55.100 200 to 198.51.100.20:5060
)");
}

/// A hole that is over long before the last repetition took none of the others; nor does one packet in eighty.
TEST(RetransmissionStorm, FailWhereALossExplainsOneAnswerAtMost) {
  for (const bool hole : {true, false}) {
    Scene scene;
    scene.set_up(1);
    rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
    if (hole) talk.send(2980).lose(15).send(500);
    for (int i = 0; !hole && i < 40; ++i) talk.send(80).lose(1);
    end_in_a_storm(scene);
    EXPECT_EQ(scene.judge(retransmission_storm()).substr(0, 70),
              "\nfail signalling major 0.90: BYE was repeated 6 times, although it was");
  }
}

TEST(RetransmissionStorm, FailWhereFewPacketsWereLostLongBefore) {
  Scene scene;
  scene.set_up(1);
  scene.talk(1.3, Party::caller).send(2000).lose(15).send(915);
  end_in_a_storm(scene);
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
fail signalling major 0.90: BYE was repeated 6 times, although it was answered: the answer does not reach 192.0.2.10:5060.
  #5 60.000 BYE from 192.0.2.10:5060
  #6 60.100 200 to 192.0.2.10:5060
)");
}

TEST(RetransmissionStorm, Pass) {
  Scene scene;
  scene.request(0.5, Party::caller, "INVITE", 1, {.sdp = "sendrecv"}).set_up(1).hang_up(5);
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
pass: What was answered was not repeated.
)");
}

TEST(RetransmissionStorm, NotApplicableOverTcp) {
  Scene scene;
  scene.transport = sip::Transport::tcp;
  scene.set_up(1).hang_up(5);
  EXPECT_EQ(scene.judge(retransmission_storm()), R"(
not_applicable: No SIP of the call went over UDP.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
