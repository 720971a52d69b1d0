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
